package oauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/consenttest"
	"portail.example/consent/token"
)

const introspectionJWT = "application/token-introspection+jwt"

func asProvider(accept string) func(*http.Request) {
	return func(r *http.Request) {
		r.SetBasicAuth(consenttest.Provider().ID, consenttest.Secret)
		r.Header.Set("Accept", accept)
	}
}

// encryptionKey registers a key of the provider's for encrypted answers.
func (w *world) encryptionKey() *ecdsa.PrivateKey {
	w.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	provider := consenttest.Provider()
	provider.JWKS, err = json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), KeyID: "enc-1", Use: "enc", Algorithm: "ECDH-ES+A256KW"}}})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.Memory.PutClient(w.t.Context(), provider); err != nil {
		w.t.Fatal(err)
	}
	return private
}

// providerToken is a consent token for the provider's audience.
func (w *world) providerToken() string {
	w.t.Helper()
	_, r := w.Granted(w.t, w.PushTo(consenttest.Provider()))
	answer := w.post("/oauth/token", exchange(w.Code(w.t, r)))
	if answer.status != http.StatusOK {
		w.t.Fatal(answer.raw)
	}
	return answer.text("access_token")
}

func TestAProviderSeesTokensForItsAudienceOnly(t *testing.T) {
	w := newWorld(t)
	theirs := w.providerToken()
	if r := w.introspect(theirs, asProvider("application/json")); r.body["active"] != true || r.text("aud") != "https://aides.example" || strings.Contains(r.raw, "identity") {
		t.Errorf("for its audience: %s", r.raw)
	}
	ours, refresh, _ := w.tokens()
	for what, raw := range map[string]string{"for our data API": ours, "a refresh token": refresh} {
		if r := w.introspect(raw, asProvider("application/json")); r.raw != `{"active":false}` {
			t.Errorf("%s: %s", what, r.raw)
		}
	}
	if r := w.introspect(theirs); r.body["active"] != true {
		t.Errorf("the client itself: %s", r.raw)
	}
}

func TestTheIdentityLeavesEncryptedOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	raw := w.providerToken()
	if r := w.introspect(raw, asProvider(introspectionJWT)); r.status != http.StatusOK || strings.Count(r.raw, ".") != 2 || strings.Contains(payloadOf(t, r.raw), "identity") {
		t.Errorf("without a key to encrypt to: %d %s", r.status, r.raw)
	}
	provider := consenttest.Provider()
	provider.JWKS = []byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"x","use":"enc","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`)
	if err := w.Memory.PutClient(t.Context(), provider); err != nil {
		t.Fatal(err)
	}
	if r := w.introspect(raw, asProvider(introspectionJWT)); r.status != http.StatusOK || strings.Contains(payloadOf(t, r.raw), "identity") {
		t.Errorf("with a key that only signs: %d %s", r.status, r.raw)
	}
	private := w.encryptionKey()
	r := w.introspect(raw, asProvider(introspectionJWT))
	sealed, err := jose.ParseEncryptedCompact(r.raw, []jose.KeyAlgorithm{jose.ECDH_ES_A256KW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		t.Fatalf("%v: %s", err, r.raw)
	}
	signed, err := sealed.Decrypt(private)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		jwt.RegisteredClaims
		Introspection token.Introspection `json:"token_introspection"`
	}
	parsed, err := jwt.ParseWithClaims(string(signed), &claims, func(t *jwt.Token) (any, error) { return w.key.Key(w.t.Context(), t.Header["kid"].(string)) },
		jwt.WithTimeFunc(w.Clock.Now), jwt.WithAudience(consenttest.Provider().ID), jwt.WithIssuer(issuer))
	if err != nil || parsed.Header["typ"] != token.IntrospectionType {
		t.Fatal(err)
	}
	if who := claims.Introspection.Identity; who == nil || who.FamilyName != "DUBOIS" || who.GivenName != "Angela Claire" || who.Birthdate != "1962-08-24" {
		t.Error("the identity is not the citizen's")
	}
}

func payloadOf(t *testing.T, compact string) string {
	t.Helper()
	signed, err := jose.ParseSigned(compact, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	return string(signed.UnsafePayloadWithoutVerification())
}

func TestAProviderMayOnlyIntrospect(t *testing.T) {
	w := newWorld(t)
	for path, form := range map[string]url.Values{"/oauth/par": goodPush(), "/oauth/token": exchange("x"), "/oauth/revoke": {"token": {"x"}}} {
		if r := w.post(path, form, asProvider("")); r.status != http.StatusBadRequest || r.text("error") != "unauthorized_client" {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
}
