package openid

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// keysEvery is the least time between two downloads of the keys. go-oidc alone
// downloads them for each token with an unknown kid, which anybody can bring.
const keysEvery = 10 * time.Second

// sparing is a client that repeats its last good answer within keysEvery.
func sparing(client *http.Client, now func() time.Time) *http.Client {
	out := *client
	next := out.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	out.Transport = &sparingTransport{next: next, now: now}
	return &out
}

type sparingTransport struct {
	next http.RoundTripper
	now  func() time.Time

	mu   sync.Mutex
	at   time.Time
	head http.Header
	body []byte
}

// RoundTrip keeps good answers only: after a failure the next caller tries again.
func (t *sparingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.body != nil && t.now().Sub(t.at) < keysEvery {
		return t.again(r), nil
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the keys were answered with %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	t.at, t.head, t.body = t.now(), response.Header, body
	return t.again(r), nil
}

func (t *sparingTransport) again(r *http.Request) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: r.Proto, ProtoMajor: r.ProtoMajor, ProtoMinor: r.ProtoMinor,
		Header: t.head.Clone(), Body: io.NopCloser(bytes.NewReader(t.body)), ContentLength: int64(len(t.body)), Request: r,
	}
}
