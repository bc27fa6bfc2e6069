package openidtest

import (
	"encoding/base64"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// Set changes one claim.
func Set(name string, value any) func(map[string]any) {
	return func(claims map[string]any) { claims[name] = value }
}

// Unset leaves one claim out.
func Unset(name string) func(map[string]any) {
	return func(claims map[string]any) { delete(claims, name) }
}

// SignWith signs with another key or algorithm, under the real kid unless otherKID is
// given.
func SignWith(t testing.TB, alg jose.SignatureAlgorithm, key any, otherKID string) func(string, []byte) string {
	return func(kid string, payload []byte) string {
		if otherKID != "" {
			kid = otherKID
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
		if err != nil {
			t.Error(err)
			return ""
		}
		signed, err := signer.Sign(payload)
		if err != nil {
			t.Error(err)
			return ""
		}
		raw, _ := signed.CompactSerialize()
		return raw
	}
}

// Unsigned is a JWT with "alg": "none".
func Unsigned(_ string, payload []byte) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}
