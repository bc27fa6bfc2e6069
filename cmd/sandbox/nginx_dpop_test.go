package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent/consenttest"
)

// proven adds a proof to what a program of the transports authority sends to the token
// endpoint, so that its tokens are bound to a key.
type proven struct {
	j   *journey
	key jose.JSONWebKey
}

func (p proven) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/oauth/token" {
		r = r.Clone(r.Context())
		r.Header.Set("DPoP", p.proof(http.MethodPost, p.j.PortalURL+"/oauth/token", ""))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// nonce is one of the portal's, which it gives to whoever uses DPoP.
func (p proven) nonce() string {
	request, err := http.NewRequestWithContext(p.j.t.Context(), http.MethodGet, p.j.PortalURL+"/healthz", nil)
	if err != nil {
		p.j.t.Fatal(err)
	}
	request.Header.Set("DPoP", "x")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.j.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.Header.Get("DPoP-Nonce")
}

// proof is for a call, and for a token when there is one (RFC 9449 section 4.2).
func (p proven) proof(method, address, access string) string {
	p.j.t.Helper()
	claims := map[string]any{"jti": rand.Text(), "htm": method, "htu": address, "iat": p.j.clock.Now().Unix()}
	if access == "" {
		claims["nonce"] = p.nonce()
	} else {
		sum := sha256.Sum256([]byte(access))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	raw, err := json.Marshal(claims)
	if err != nil {
		p.j.t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key.Key}, (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
	if err != nil {
		p.j.t.Fatal(err)
	}
	signed, err := signer.Sign(raw)
	if err != nil {
		p.j.t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		p.j.t.Fatal(err)
	}
	return compact
}

// A token bound to a key passes with a proof for this very call, once.
func TestNginxPassesABoundTokenOnceWithItsProof(t *testing.T) {
	j := newJourney(t)
	p := proven{j, ownKey(t, "sig", "ES256")}
	j.client = &http.Client{Transport: p}
	_, bound := delegatedTo(j)
	api := newExisting(t)
	client := nginx(t, j.PortalURL, api.URL)
	here := consenttest.Provider().Provider.Location
	good := p.proof(http.MethodGet, here, bound)
	for _, c := range []struct {
		what, scheme, proof string
		status              int
	}{
		{"its proof", "DPoP ", good, http.StatusOK},
		{"the same proof again", "DPoP ", good, http.StatusUnauthorized},
		{"a proof for another method", "DPoP ", p.proof(http.MethodPost, here, bound), http.StatusUnauthorized},
		{"a proof for another address", "DPoP ", p.proof(http.MethodGet, here+"/other", bound), http.StatusUnauthorized},
		{"a proof for the portal", "DPoP ", p.proof(http.MethodGet, j.PortalURL+"/data/check", bound), http.StatusUnauthorized},
		{"a thief's proof", "DPoP ", proven{j, ownKey(t, "sig", "ES256")}.proof(http.MethodGet, here, bound), http.StatusUnauthorized},
		{"no proof", "Bearer ", "", http.StatusUnauthorized},
	} {
		header := map[string]string{"Authorization": c.scheme + bound}
		if c.proof != "" {
			header["DPoP"] = c.proof
		}
		status, challenge := guarded(t, client, "http://aides.example", header)
		if status != c.status || status != http.StatusOK && !strings.HasPrefix(challenge, "DPoP") {
			t.Errorf("%s: %d %q", c.what, status, challenge)
		}
	}
	if len(api.called()) != 1 {
		t.Errorf("the API was called %d times", len(api.called()))
	}
}
