package proconnect_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
	stub "portail.example/internal/sandbox/proconnect"
)

// set changes one claim.
func set(name string, value any) func(map[string]any) {
	return func(claims map[string]any) { claims[name] = value }
}

func unset(name string) func(map[string]any) {
	return func(claims map[string]any) { delete(claims, name) }
}

// signWith signs under the real kid with another key or algorithm.
func signWith(t *testing.T, alg jose.SignatureAlgorithm, key any) func(string, []byte) string {
	return func(kid string, payload []byte) string {
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

func unsigned(_ string, payload []byte) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

func TestAnswersThatAreNotBelieved(t *testing.T) {
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	failed, away := consent.SignInFailed, consent.SignInUnavailable
	cases := map[string]struct {
		mischief stub.Mischief
		code     consent.Code
	}{
		"nothing wrong":                  {stub.Mischief{}, ""},
		"a higher level":                 {stub.Mischief{IDToken: set("acr", "eidas3")}, ""},
		"a verified address":             {stub.Mischief{Userinfo: set("email_verified", true)}, ""},
		"no given name":                  {stub.Mischief{Userinfo: unset("given_name")}, ""},
		"an address that is not":         {stub.Mischief{Userinfo: set("email_verified", false)}, failed},
		"no address":                     {stub.Mischief{Userinfo: unset("email")}, failed},
		"no SIRET":                       {stub.Mischief{Userinfo: unset("siret")}, failed},
		"a SIRET with spaces":            {stub.Mischief{Userinfo: set("siret", "219 900 123 00015")}, failed},
		"a SIRET that is a number":       {stub.Mischief{Userinfo: set("siret", 21990012300015)}, failed},
		"no usual name":                  {stub.Mischief{Userinfo: unset("usual_name")}, failed},
		"an endless name":                {stub.Mischief{Userinfo: set("usual_name", strings.Repeat("n", 201))}, failed},
		"iss of the callback":            {stub.Mischief{Callback: func(q url.Values) { q.Set("iss", "https://elsewhere.example") }}, failed},
		"no iss in the callback":         {stub.Mischief{Callback: func(q url.Values) { q.Del("iss") }}, failed},
		"ID token of another issuer":     {stub.Mischief{IDToken: set("iss", "https://elsewhere.example")}, failed},
		"ID token of another client":     {stub.Mischief{IDToken: set("aud", "other")}, failed},
		"another nonce":                  {stub.Mischief{IDToken: set("nonce", strings.Repeat("n", 43))}, failed},
		"no nonce":                       {stub.Mischief{IDToken: unset("nonce")}, failed},
		"no subject":                     {stub.Mischief{IDToken: unset("sub")}, failed},
		"expired":                        {stub.Mischief{IDToken: set("exp", 1)}, failed},
		"not signed":                     {stub.Mischief{Sign: unsigned}, failed},
		"signed by a stranger":           {stub.Mischief{Sign: signWith(t, jose.ES256, stranger)}, failed},
		"HS256 with our secret":          {stub.Mischief{Sign: signWith(t, jose.HS256, []byte(secret))}, failed},
		"userinfo of somebody else":      {stub.Mischief{Userinfo: set("sub", "00000000-0000-4000-8000-000000000000")}, failed},
		"userinfo for another client":    {stub.Mischief{Userinfo: set("aud", "other")}, failed},
		"userinfo without a signature":   {stub.Mischief{PlainUserinfo: true}, failed},
		"userinfo broken":                {stub.Mischief{UserinfoStatus: 503}, away},
		"token endpoint refuses":         {stub.Mischief{TokenStatus: 400}, failed},
		"token endpoint broken":          {stub.Mischief{TokenStatus: 503}, away},
		"keys do not answer":             {stub.Mischief{KeysFail: true}, away},
		"discovery fails":                {stub.Mischief{DiscoveryFails: true}, away},
		"comes back without identifying": {stub.Mischief{CallbackError: "access_denied"}, consent.SignInCancelled},
		"temporarily away":               {stub.Mischief{CallbackError: "temporarily_unavailable"}, away},
		"a mistake of ours":              {stub.Mischief{CallbackError: "invalid_scope"}, failed},
		"an unknown error":               {stub.Mischief{CallbackError: "<script>"}, failed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.stub.Misbehave(c.mischief)
			in, err := w.signIn("marc", commune)
			expect(t, name, err, c.code)
			if err == nil {
				return
			}
			if in != (consent.AgentSignIn{}) {
				t.Error("something of it was kept")
			}
			for _, word := range []string{"TISSERAND", "marc@", "<", secret} {
				if strings.Contains(err.Error(), word) {
					t.Errorf("%q in %q", word, err)
				}
			}
		})
	}
}
