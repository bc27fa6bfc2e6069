// Package openid is what the stand-ins of FranceConnect and ProConnect have in common:
// keys and signatures, answers, the look of pages, and mischief on demand. What each
// refuses is its own.
package openid

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/go-jose/go-jose/v4"
)

// Provider signs and misbehaves. It is safe for concurrent use.
type Provider struct {
	kid string
	key *ecdsa.PrivateKey

	mu         sync.Mutex
	mischief   Mischief
	keyFetches int
}

// New draws a key.
func New(kid string) (*Provider, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &Provider{kid: kid, key: key}, err
}

// Sign makes a compact JWS of the claims, after change: header alg and kid, no typ, as
// the real ones.
func (p *Provider) Sign(claims map[string]any, change func(map[string]any)) (string, error) {
	if change != nil {
		change(claims)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	m := p.Current()
	if m.Sign != nil {
		return m.Sign(p.kid, payload), nil
	}
	options := &jose.SignerOptions{}
	if m.Typ != "" {
		options = options.WithType(jose.ContentType(m.Typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: p.key, KeyID: p.kid}}, options)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// Audience is the client an ID token of ours was issued to, "" when it is not ours;
// late ones count.
func (p *Provider) Audience(raw string) string {
	parsed, err := jose.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return ""
	}
	payload, err := parsed.Verify(p.key.Public())
	if err != nil {
		return ""
	}
	var claims struct {
		Audience string `json:"aud"`
	}
	_ = json.Unmarshal(payload, &claims)
	return claims.Audience
}

// JWKS answers with the public key.
func (p *Provider) JWKS(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	p.keyFetches++
	failing := p.mischief.KeysFail
	p.mu.Unlock()
	if failing {
		Answer(w, http.StatusInternalServerError, map[string]any{"error": "server_error"})
		return
	}
	cached(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: p.kid, Algorithm: "ES256", Use: "sig"}}})
}

// KeyFetches is how often the keys were downloaded.
func (p *Provider) KeyFetches() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keyFetches
}

// Discovery answers with the metadata.
func (p *Provider) Discovery(metadata map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if p.Current().DiscoveryFails {
			Answer(w, http.StatusServiceUnavailable, map[string]any{"error": "server_error"})
			return
		}
		cached(w, metadata)
	}
}
