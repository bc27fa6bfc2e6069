package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"portail.example/consent/token"
)

// receivers sends to addresses that others chose. It must not become their way
// into our network: no private address, whatever the name resolves to, no redirect,
// no proxy, little time, and nothing of the answer goes further than a code.
type receivers struct {
	client *http.Client
	https  bool
}

var errPrivate = errors.New("events: a private address")

func newReceivers(allowPrivate bool) receivers {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if !allowPrivate {
		dialer.Control = publicOnly
	}
	return receivers{https: !allowPrivate, client: &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 8 * time.Second, MaxIdleConnsPerHost: perClient, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 16 << 10},
	}}
}

// publicOnly looks at the address that is really dialled: a name may resolve to
// another one than at registration.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return errPrivate
	}
	return nil
}

// reserved are networks that are not private by the letter and lead home all the
// same: shared address space, protocol assignments, benchmarks, site-local, and
// those that carry an IPv4 address inside: IPv4-compatible, 6to4, Teredo, NAT64.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("::/96"), netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("2001::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
}

// public forgets the zone first: a prefix contains no address that has one.
func public(ip netip.Addr) bool {
	ip = ip.WithZone("").Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// push sends an event (RFC 8935 section 2) and returns why it was not taken, in
// our words and the standard's codes, or "".
func (r receivers) push(ctx context.Context, endpoint, raw string) string {
	if r.https && !strings.HasPrefix(endpoint, "https://") {
		return "the endpoint is not https"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(raw))
	if err != nil {
		return "the endpoint is not an address"
	}
	request.Header.Set("Content-Type", "application/"+token.EventType)
	request.Header.Set("Accept", "application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return unreachable(err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 == 2 {
		return ""
	}
	return fmt.Sprintf("status %d%s", response.StatusCode, complaint(response.Body))
}

func unreachable(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, errPrivate):
		return "the endpoint has a private address"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	}
	return "no connection"
}

// codes are those a receiver may complain with (RFC 8935 section 2.4).
var codes = []string{"invalid_request", "invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed", "access_denied"}

// complaint is the code of an error answer. What else it says stays out: it could
// hold anything.
func complaint(body io.Reader) string {
	var answer struct {
		Err string `json:"err"`
	}
	if json.NewDecoder(io.LimitReader(body, 4096)).Decode(&answer) != nil || !slices.Contains(codes, answer.Err) {
		return ""
	}
	return ", " + answer.Err
}
