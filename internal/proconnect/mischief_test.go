package proconnect_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
	"portail.example/internal/sandbox/openid/openidtest"
	stub "portail.example/internal/sandbox/proconnect"
)

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
		"a higher level":                 {stub.Mischief{IDToken: openidtest.Set("acr", "eidas3")}, ""},
		"a verified address":             {stub.Mischief{Userinfo: openidtest.Set("email_verified", true)}, ""},
		"no given name":                  {stub.Mischief{Userinfo: openidtest.Unset("given_name")}, ""},
		"an address that is not":         {stub.Mischief{Userinfo: openidtest.Set("email_verified", false)}, failed},
		"no address":                     {stub.Mischief{Userinfo: openidtest.Unset("email")}, failed},
		"no SIRET":                       {stub.Mischief{Userinfo: openidtest.Unset("siret")}, failed},
		"a SIRET with spaces":            {stub.Mischief{Userinfo: openidtest.Set("siret", "219 900 123 00015")}, failed},
		"a SIRET that is a number":       {stub.Mischief{Userinfo: openidtest.Set("siret", 21990012300015)}, failed},
		"no usual name":                  {stub.Mischief{Userinfo: openidtest.Unset("usual_name")}, failed},
		"an endless name":                {stub.Mischief{Userinfo: openidtest.Set("usual_name", strings.Repeat("n", 201))}, failed},
		"iss of the callback":            {stub.Mischief{Callback: func(q url.Values) { q.Set("iss", "https://elsewhere.example") }}, failed},
		"no iss in the callback":         {stub.Mischief{Callback: func(q url.Values) { q.Del("iss") }}, failed},
		"ID token of another issuer":     {stub.Mischief{IDToken: openidtest.Set("iss", "https://elsewhere.example")}, failed},
		"ID token of another client":     {stub.Mischief{IDToken: openidtest.Set("aud", "other")}, failed},
		"another nonce":                  {stub.Mischief{IDToken: openidtest.Set("nonce", strings.Repeat("n", 43))}, failed},
		"no nonce":                       {stub.Mischief{IDToken: openidtest.Unset("nonce")}, failed},
		"no subject":                     {stub.Mischief{IDToken: openidtest.Unset("sub")}, failed},
		"expired":                        {stub.Mischief{IDToken: openidtest.Set("exp", 1)}, failed},
		"not signed":                     {stub.Mischief{Sign: openidtest.Unsigned}, failed},
		"signed by a stranger":           {stub.Mischief{Sign: openidtest.SignWith(t, jose.ES256, stranger, "")}, failed},
		"HS256 with our secret":          {stub.Mischief{Sign: openidtest.SignWith(t, jose.HS256, []byte(secret), "")}, failed},
		"userinfo of somebody else":      {stub.Mischief{Userinfo: openidtest.Set("sub", "00000000-0000-4000-8000-000000000000")}, failed},
		"userinfo for another client":    {stub.Mischief{Userinfo: openidtest.Set("aud", "other")}, failed},
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
