package token_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// holder makes DPoP proofs with a key of its own.
type holder struct {
	t   *testing.T
	key *ecdsa.PrivateKey
}

func newHolder(t *testing.T) holder {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return holder{t, key}
}

func (h holder) jwk() map[string]any {
	point, err := h.key.PublicKey.Bytes()
	if err != nil {
		h.t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return map[string]any{"kty": "EC", "crv": "P-256", "x": encode(point[1:33]), "y": encode(point[33:])}
}

func (h holder) jkt() string {
	key := h.jwk()
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + key["x"].(string) + `","y":"` + key["y"].(string) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// proof is a good one, changed.
func (h holder) proof(change func(header, claims map[string]any)) string {
	header := map[string]any{"typ": "dpop+jwt", "jwk": h.jwk()}
	claims := jwt.MapClaims{"jti": rand.Text(), "htm": "GET", "htu": "https://api.example/data", "iat": now.Unix(), "nonce": "fresh"}
	change(header, claims)
	made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	for name, value := range header {
		made.Header[name] = value
	}
	raw, err := made.SignedString(h.key)
	if err != nil {
		h.t.Fatal(err)
	}
	return raw
}

func clock() time.Time { return now }

// proofs remembers, and knows one nonce.
func proofs(t *testing.T) *token.Proofs {
	t.Helper()
	seen := map[string]bool{}
	p, err := token.NewProofs(token.ProofConfig{
		BaseURL: "https://api.example", Now: clock, Nonce: func(nonce string) bool { return nonce == "fresh" },
		Once: func(_ context.Context, id string, _ time.Time) (bool, error) {
			if seen["down"] {
				return false, errors.New("database")
			}
			known := seen[id]
			seen[id] = true
			return !known, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProofs(t *testing.T) {
	ath := func(raw string) string {
		sum := sha256.Sum256([]byte(raw))
		return base64.RawURLEncoding.EncodeToString(sum[:])
	}
	set := func(name string, value any) func(header, claims map[string]any) {
		return func(_, claims map[string]any) { claims[name] = value }
	}
	head := func(name string, value any) func(header, claims map[string]any) {
		return func(header, _ map[string]any) { header[name] = value }
	}
	h, other := newHolder(t), newHolder(t)
	cases := map[string]struct {
		change func(header, claims map[string]any)
		access string
		want   error
	}{
		"good":                   {func(_, _ map[string]any) {}, "", nil},
		"good, for a token":      {set("ath", ath("access")), "access", nil},
		"query and fragment":     {set("htu", "https://api.example/data?a=b#c"), "", nil},
		"case of the host":       {set("htu", "HTTPS://API.example/data"), "", nil},
		"a minute old, nearly":   {set("iat", now.Add(-59*time.Second).Unix()), "", nil},
		"a minute old":           {set("iat", now.Add(-60*time.Second).Unix()), "", token.ErrProof},
		"from the future":        {set("iat", now.Add(11*time.Second).Unix()), "", token.ErrProof},
		"never issued":           {set("iat", nil), "", token.ErrProof},
		"another method":         {set("htm", "POST"), "", token.ErrProof},
		"another path":           {set("htu", "https://api.example/other"), "", token.ErrProof},
		"another host":           {set("htu", "https://evil.example/data"), "", token.ErrProof},
		"user in the address":    {set("htu", "https://x@api.example/data"), "", token.ErrProof},
		"no jti":                 {set("jti", ""), "", token.ErrProof},
		"endless jti":            {set("jti", strings.Repeat("j", 257)), "", token.ErrProof},
		"no ath":                 {func(_, _ map[string]any) {}, "access", token.ErrProof},
		"ath of another token":   {set("ath", ath("other")), "access", token.ErrProof},
		"ath without a token":    {set("ath", ath("access")), "", token.ErrProof},
		"no nonce":               {set("nonce", nil), "", token.ErrProofNonce},
		"an old nonce":           {set("nonce", "old"), "", token.ErrProofNonce},
		"typ JWT":                {head("typ", "JWT"), "", token.ErrProof},
		"crit":                   {head("crit", []string{"x"}), "", token.ErrProof},
		"no key":                 {head("jwk", nil), "", token.ErrProof},
		"somebody else's key":    {head("jwk", other.jwk()), "", token.ErrProof},
		"a private key":          {func(header, _ map[string]any) { header["jwk"].(map[string]any)["d"] = "AAAA" }, "", token.ErrProof},
		"a key of another curve": {func(header, _ map[string]any) { header["jwk"].(map[string]any)["crv"] = "P-384" }, "", token.ErrProof},
		"a point off the curve": {func(header, _ map[string]any) {
			header["jwk"].(map[string]any)["y"] = header["jwk"].(map[string]any)["x"]
		}, "", token.ErrProof},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			jkt, err := proofs(t).Verify(t.Context(), h.proof(c.change), "GET", "/data", c.access)
			if !errors.Is(err, c.want) || (err == nil) != (jkt == h.jkt()) {
				t.Errorf("%v, thumbprint %q", err, jkt)
			}
		})
	}
	p, raw := proofs(t), h.proof(func(_, _ map[string]any) {})
	for _, want := range []error{nil, token.ErrProofReplayed} {
		if _, err := p.Verify(t.Context(), raw, "GET", "/data", ""); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

// A bound token without its proof, or with somebody else's, opens nothing; nor
// does an unbound one dressed up as bound.
func TestBoundTokens(t *testing.T) {
	h, thief := newHolder(t), newHolder(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewVerifier(token.Config{
		Issuer: "https://portal.example", Audience: "https://api.example", Keys: token.StaticKeys{"k": &key.PublicKey}, Now: clock, Proofs: proofs(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	mint := func(jkt string) string {
		claims := token.Claims{
			Issuer: "https://portal.example", Audience: "https://api.example", Subject: "s", ClientID: "c", ID: "j", GrantID: "g",
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Minute)),
			AuthorizationDetails: []token.Detail{{Type: "t", Datatypes: []string{"d"}}},
		}
		if jkt != "" {
			claims.Confirmation = &token.Confirmation{JKT: jkt}
		}
		made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
		made.Header["typ"], made.Header["kid"] = token.Type, "k"
		raw, err := made.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	proofOf := func(who holder, access string) []string {
		sum := sha256.Sum256([]byte(access))
		return []string{who.proof(func(_, claims map[string]any) { claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:]) })}
	}
	bound, free := mint(h.jkt()), mint("")
	cases := map[string]struct {
		scheme, access string
		proof          []string
		want           error
		challenge      string
	}{
		"with its proof":        {"DPoP", bound, proofOf(h, bound), nil, ""},
		"as a bearer token":     {"Bearer", bound, proofOf(h, bound), token.ErrProofRequired, `DPoP error="invalid_token"`},
		"without a proof":       {"DPoP", bound, nil, token.ErrProof, `DPoP error="invalid_dpop_proof"`},
		"with two proofs":       {"DPoP", bound, append(proofOf(h, bound), proofOf(h, bound)...), token.ErrProof, `DPoP error="invalid_dpop_proof"`},
		"with the thief's":      {"DPoP", bound, proofOf(thief, bound), token.ErrProofKey, `DPoP error="invalid_token"`},
		"with another token's":  {"DPoP", bound, proofOf(h, free), token.ErrProof, `DPoP error="invalid_dpop_proof"`},
		"unbound, with a proof": {"DPoP", free, proofOf(h, free), token.ErrWrongScheme, "Bearer"},
		"unbound":               {"Bearer", free, nil, nil, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://internal/data?x=y", nil)
			request.Header.Set("Authorization", c.scheme+" "+c.access)
			for _, proof := range c.proof {
				request.Header.Add("DPoP", proof)
			}
			recorder := httptest.NewRecorder()
			verifier.Middleware("t", "d", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(recorder, request)
			if (recorder.Code == http.StatusOK) != (c.want == nil) || !strings.HasPrefix(recorder.Header().Get("WWW-Authenticate"), c.challenge) {
				t.Errorf("%d %s", recorder.Code, recorder.Header().Get("WWW-Authenticate"))
			}
		})
	}
}

// Whatever the proof is, it is refused by one of our errors or names a key.
func FuzzProof(f *testing.F) {
	f.Add("")
	f.Add("a.b.c")
	f.Add("eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7fX0.e30.AAAA")
	f.Add("eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6Im5vbmUifQ.e30.")
	p, err := token.NewProofs(token.ProofConfig{BaseURL: "https://api.example", Once: func(context.Context, string, time.Time) (bool, error) { return true, nil }, Now: clock})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		jkt, err := p.Verify(t.Context(), raw, "GET", "/data", "")
		if err == nil && len(jkt) != 43 || err != nil && !errors.Is(err, token.ErrProof) {
			t.Errorf("%v, %q", err, jkt)
		}
	})
}
