package franceconnect_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
	stub "portail.example/internal/sandbox/franceconnect"
	"portail.example/internal/sandbox/openid/openidtest"
)

func TestAnswersThatAreNotBelieved(t *testing.T) {
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	failed, away := consent.SignInFailed, consent.SignInUnavailable
	cases := map[string]struct {
		mischief stub.Mischief
		code     consent.Code
	}{
		"nothing wrong":                  {stub.Mischief{}, ""},
		"typ JWT":                        {stub.Mischief{Typ: "JWT"}, ""},
		"a higher level":                 {stub.Mischief{IDToken: openidtest.Set("acr", "eidas2")}, ""},
		"iss of the callback":            {stub.Mischief{Callback: func(q url.Values) { q.Set("iss", "https://elsewhere.example") }}, failed},
		"no iss in the callback":         {stub.Mischief{Callback: func(q url.Values) { q.Del("iss") }}, failed},
		"two codes":                      {stub.Mischief{Callback: func(q url.Values) { q.Add("code", "x") }}, failed},
		"no code":                        {stub.Mischief{Callback: func(q url.Values) { q.Del("code") }}, failed},
		"a code of nobody":               {stub.Mischief{Callback: func(q url.Values) { q.Set("code", "x") }}, failed},
		"ID token of another issuer":     {stub.Mischief{IDToken: openidtest.Set("iss", "https://elsewhere.example")}, failed},
		"ID token of another client":     {stub.Mischief{IDToken: openidtest.Set("aud", "other")}, failed},
		"ID token for two":               {stub.Mischief{IDToken: openidtest.Set("aud", []string{clientID, "other"})}, failed},
		"azp of another client":          {stub.Mischief{IDToken: openidtest.Set("azp", "other")}, failed},
		"another nonce":                  {stub.Mischief{IDToken: openidtest.Set("nonce", strings.Repeat("n", 43))}, failed},
		"no nonce":                       {stub.Mischief{IDToken: openidtest.Unset("nonce")}, failed},
		"a lower level":                  {stub.Mischief{IDToken: openidtest.Set("acr", "eidas0")}, failed},
		"no level":                       {stub.Mischief{IDToken: openidtest.Unset("acr")}, failed},
		"no subject":                     {stub.Mischief{IDToken: openidtest.Unset("sub")}, failed},
		"an endless subject":             {stub.Mischief{IDToken: openidtest.Set("sub", strings.Repeat("s", 256))}, failed},
		"expired":                        {stub.Mischief{IDToken: openidtest.Set("exp", time.Now().Add(-300*24*time.Hour).Unix())}, failed},
		"never expires":                  {stub.Mischief{IDToken: openidtest.Unset("exp")}, failed},
		"issued tomorrow":                {stub.Mischief{IDToken: func(c map[string]any) { c["iat"] = c["iat"].(int64) + 86400; c["exp"] = c["exp"].(int64) + 86400 }}, failed},
		"never issued":                   {stub.Mischief{IDToken: openidtest.Unset("iat")}, failed},
		"at_hash of another token":       {stub.Mischief{IDToken: openidtest.Set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")}, failed},
		"claims of the wrong type":       {stub.Mischief{IDToken: openidtest.Set("acr", 1)}, failed},
		"a logout token":                 {stub.Mischief{Typ: "logout+jwt"}, failed},
		"an access token":                {stub.Mischief{Typ: "at+jwt"}, failed},
		"not signed":                     {stub.Mischief{Sign: openidtest.Unsigned}, failed},
		"signed by a stranger":           {stub.Mischief{Sign: openidtest.SignWith(t, jose.ES256, stranger, "")}, failed},
		"signed under an unknown kid":    {stub.Mischief{Sign: openidtest.SignWith(t, jose.ES256, stranger, "unknown")}, failed},
		"HS256 with our secret":          {stub.Mischief{Sign: openidtest.SignWith(t, jose.HS256, []byte(secret), "")}, failed},
		"RS256 when ES256 was agreed":    {stub.Mischief{Sign: openidtest.SignWith(t, jose.RS256, rsaKey, "")}, failed},
		"userinfo of somebody else":      {stub.Mischief{Userinfo: openidtest.Set("sub", strings.Repeat("0", 64)+"v1")}, failed},
		"userinfo for another client":    {stub.Mischief{Userinfo: openidtest.Set("aud", "other")}, failed},
		"userinfo of another issuer":     {stub.Mischief{Userinfo: openidtest.Set("iss", "https://elsewhere.example")}, failed},
		"userinfo that expired":          {stub.Mischief{Userinfo: openidtest.Set("exp", 1)}, failed},
		"userinfo without expiry":        {stub.Mischief{Userinfo: openidtest.Unset("exp")}, failed},
		"userinfo without a signature":   {stub.Mischief{PlainUserinfo: true}, failed},
		"userinfo without a name":        {stub.Mischief{Userinfo: openidtest.Set("family_name", "")}, failed},
		"userinfo with numbers":          {stub.Mischief{Userinfo: openidtest.Set("birthplace", 8480)}, failed},
		"userinfo refused":               {stub.Mischief{UserinfoStatus: 401}, failed},
		"userinfo broken":                {stub.Mischief{UserinfoStatus: 503}, away},
		"token endpoint refuses":         {stub.Mischief{TokenStatus: 400}, failed},
		"token endpoint broken":          {stub.Mischief{TokenStatus: 503}, away},
		"keys do not answer":             {stub.Mischief{KeysFail: true}, away},
		"comes back without identifying": {stub.Mischief{CallbackError: "access_denied"}, consent.SignInCancelled},
		"link of an error page":          {stub.Mischief{CallbackError: "server_error"}, failed},
		"temporarily away":               {stub.Mischief{CallbackError: "temporarily_unavailable"}, away},
		"a mistake of ours":              {stub.Mischief{CallbackError: "invalid_scope"}, failed},
		"an unknown error":               {stub.Mischief{CallbackError: "<script>"}, failed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.stub.Misbehave(c.mischief)
			in, err := w.signIn("jeanne")
			expect(t, name, err, c.code)
			if err == nil {
				return
			}
			if in.Subject != "" || in.Identity.FamilyName != "" {
				t.Error("something of it was kept")
			}
			for _, word := range []string{"ROUX", "Jeanne", "<", secret} {
				if strings.Contains(err.Error(), word) {
					t.Errorf("%q in %q", word, err)
				}
			}
		})
	}
}

func TestACodeWorksOnce(t *testing.T) {
	w := newWorld(t)
	attempt, address, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	callback := w.answer(address, "angela")
	if _, err := w.Complete(t.Context(), attempt, callback); err != nil {
		t.Fatal(err)
	}
	_, err = w.Complete(t.Context(), attempt, callback)
	expect(t, "again", err, consent.SignInFailed)
}

// Anybody can bring tokens with unknown kids; the keys are not fetched for each.
func TestKeysAreFetchedSparingly(t *testing.T) {
	w := newWorld(t)
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.stub.Misbehave(stub.Mischief{Sign: openidtest.SignWith(t, jose.ES256, stranger, "unknown")})
	for range 20 {
		w.person = openidtest.NewPerson(t, portal)
		_, err := w.signIn("angela")
		expect(t, "unknown kid", err, consent.SignInFailed)
	}
	if n := w.stub.KeyFetches(); n != 1 {
		t.Errorf("%d downloads of the keys", n)
	}
	w.clock.Advance(11 * time.Second)
	w.person = openidtest.NewPerson(t, portal)
	_, _ = w.signIn("angela")
	if n := w.stub.KeyFetches(); n != 2 {
		t.Errorf("%d downloads after a while: a rotated key would never be seen", n)
	}
}

func TestNothingSecretIsPrinted(t *testing.T) {
	w := newWorld(t)
	in, err := w.signIn("jeanne")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]string{"text": in.String(), "go": in.GoString()})
	if err != nil || strings.Contains(string(raw), "ROUX") {
		t.Error("the identity is printed")
	}
}
