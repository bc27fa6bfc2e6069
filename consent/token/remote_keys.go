package token

import (
	"context"
	"crypto"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// How often a key set is read. A stranger's tokens with invented kids must not
// make us call the issuer for each of them.
const (
	keysMaxAge     = 5 * time.Minute // the max-age that the portal gives its key set
	keysMinRefresh = 30 * time.Second
	keysTimeout    = 5 * time.Second
	keysMaxSize    = 64 << 10
)

// RemoteKeys is an issuer's published key set, cached. A kid that is not in the
// cache causes one refresh, at most every thirty seconds; when the issuer does
// not answer, the keys already known stay in use.
type RemoteKeys struct {
	url    string
	client *http.Client
	now    func() time.Time

	mu        sync.Mutex
	keys      StaticKeys
	fetched   time.Time
	attempted time.Time
}

// NewRemoteKeys reads the set at a URL (jwks_uri), lazily. client and now may be nil.
func NewRemoteKeys(url string, client *http.Client, now func() time.Time) *RemoteKeys {
	if client == nil {
		client = &http.Client{}
	}
	if now == nil {
		now = time.Now
	}
	return &RemoteKeys{url: url, client: client, now: now}
}

// Key finds a key by kid; it fails with ErrUnknownKey or ErrKeys.
func (r *RemoteKeys) Key(ctx context.Context, kid string) (crypto.PublicKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	key, known := r.keys[kid]
	stale := now.Sub(r.fetched) >= keysMaxAge
	if (!known || stale) && now.Sub(r.attempted) >= keysMinRefresh {
		r.attempted = now
		if keys, err := r.fetch(ctx); err == nil {
			r.keys, r.fetched = keys, now
			key, known = keys[kid]
		}
	}
	switch {
	case known:
		return key, nil
	case r.keys == nil:
		return nil, ErrKeys
	}
	return nil, ErrUnknownKey
}

// fetch outlives the caller that caused it: others wait for it too.
func (r *RemoteKeys) fetch(ctx context.Context) (StaticKeys, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keysTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return nil, err
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("token: the key set answers %d", response.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, keysMaxSize))
	if err != nil {
		return nil, err
	}
	return ParseKeys(raw)
}
