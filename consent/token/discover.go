package token

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Discovery is what Discover needs beyond the issuer and the audience. The zero one
// is right for production.
type Discovery struct {
	Client *http.Client     // ten seconds and no redirect when nil
	Now    func() time.Time // time.Now when nil
	Proofs *Proofs          // for tokens bound to a key; refused without it
}

// Discover is a Verifier for one audience that finds the issuer's keys and status
// lists by itself, from its metadata (RFC 8414). Nothing is read before the first
// token comes, so that a data provider starts while the portal is down; until the
// metadata can be read, tokens fail with ErrKeys. It fails when the issuer is not an
// https origin (http on this machine only).
func Discover(issuer, audience string, d Discovery) (*Verifier, error) {
	if err := checkIssuer(issuer); err != nil {
		return nil, err
	}
	client := d.client()
	if d.Now == nil {
		d.Now = time.Now
	}
	keys := &discovered{issuer: issuer, client: client, now: d.Now}
	lists, err := NewStatusLists(StatusConfig{Issuer: issuer, Keys: keys, Client: client, Now: d.Now})
	if err != nil {
		return nil, err
	}
	return NewVerifier(Config{Issuer: issuer, Audience: audience, Keys: keys, Now: d.Now, Proofs: d.Proofs, Status: lists})
}

func (d Discovery) client() *http.Client {
	client := http.Client{Timeout: 10 * time.Second}
	if d.Client != nil {
		client = *d.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Path != "" {
		return errors.New("token: the issuer is not an origin")
	}
	ip := net.ParseIP(u.Hostname())
	if loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback(); u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
		return errors.New("token: the issuer is not https")
	}
	return nil
}

// discovered is the key set that the issuer's metadata names.
type discovered struct {
	issuer string
	client *http.Client
	now    func() time.Time

	mu        sync.Mutex
	keys      *RemoteKeys
	attempted time.Time
}

// Key reads the metadata once, and asks again after keysMinRefresh when it failed.
func (d *discovered) Key(ctx context.Context, kid string) (crypto.PublicKey, error) {
	keys := d.set(ctx)
	if keys == nil {
		return nil, ErrKeys
	}
	return keys.Key(ctx, kid)
}

func (d *discovered) set(ctx context.Context) *RemoteKeys {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.keys != nil || d.now().Sub(d.attempted) < keysMinRefresh {
		return d.keys
	}
	d.attempted = d.now()
	if address, err := d.read(ctx); err == nil {
		d.keys = NewRemoteKeys(address, d.client, d.now)
	}
	return d.keys
}

// read returns jwks_uri. The metadata must name the very issuer (RFC 8414 section
// 3.3), and the keys must be at its own origin: nobody else speaks for it.
func (d *discovered) read(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keysTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.issuer+"/.well-known/oauth-authorization-server", nil)
	if err != nil {
		return "", err
	}
	response, err := d.client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var metadata struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, keysMaxSize)).Decode(&metadata); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK || metadata.Issuer != d.issuer || !sameOrigin(metadata.JWKSURI, d.issuer) {
		return "", fmt.Errorf("token: not the metadata of %s", d.issuer)
	}
	return metadata.JWKSURI, nil
}

func sameOrigin(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && x.Scheme == y.Scheme && x.Host == y.Host
}
