package franceconnect_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"portail.example/consent/consenttest"
	"portail.example/internal/sandbox/franceconnect"
)

// checker is a data provider with its key, and FranceConnect.
type checker struct {
	t     *testing.T
	stub  *franceconnect.Server
	clock *consenttest.Clock
	key   *rsa.PrivateKey
	base  string
}

func newChecker(t *testing.T) *checker {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RSA-OAEP", Use: "enc"}}})
	}))
	t.Cleanup(keys.Close)
	c := &checker{t: t, clock: consenttest.NewClock(), key: key}
	server := httptest.NewUnstartedServer(nil)
	c.base = "http://" + server.Listener.Addr().String() + "/api/v2"
	c.stub, err = franceconnect.New(franceconnect.Config{
		Issuer: c.base, Now: c.clock.Now, Clients: []franceconnect.Client{{ID: "site", EntityID: "site"}},
		Providers: []franceconnect.DataProvider{{ID: "fd", Secret: "s", JWKSURI: keys.URL, Scopes: []string{"cnaf_enfants"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = c.stub
	server.Start()
	t.Cleanup(server.Close)
	return c
}

func (c *checker) post(form url.Values) (status int, kind, body string) {
	c.t.Helper()
	response, err := http.PostForm(c.base+"/checktoken", form)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Content-Type"), string(raw)
}

// told opens the two envelopes.
func (c *checker) told(token string) (out map[string]any) {
	c.t.Helper()
	status, kind, body := c.post(url.Values{"token": {token}, "client_id": {"fd"}, "client_secret": {"s"}})
	if status != 200 || kind != "application/token-introspection+jwt" {
		c.t.Fatalf("%d %s", status, kind)
	}
	header, _ := base64.RawURLEncoding.DecodeString(strings.Split(body, ".")[0])
	if diff := cmp.Diff(`{"alg":"RSA-OAEP","enc":"A256GCM"}`, string(header)); diff != "" {
		c.t.Error(diff)
	}
	sealed, err := jose.ParseEncryptedCompact(body, []jose.KeyAlgorithm{jose.RSA_OAEP}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		c.t.Fatal(err)
	}
	inner, err := sealed.Decrypt(c.key)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := json.Unmarshal(payload(c.t, string(inner)), &out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

func payload(t *testing.T, raw string) []byte {
	t.Helper()
	out, err := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCheckTokenTellsAProviderWhatIsItsOwn(t *testing.T) {
	c := newChecker(t)
	token := c.stub.Grant("site", "pierre", "openid", "cnaf_enfants", "cnaf_adresse")
	out := c.told(token)
	known := out["token_introspection"].(map[string]any)
	if sub, _ := known["sub"].(string); len(sub) != 66 {
		t.Errorf("sub %q", sub)
	}
	delete(known, "sub")
	at := float64(c.clock.Now().Unix())
	want := map[string]any{"iss": c.base, "aud": "fd", "iat": at, "token_introspection": map[string]any{
		"active": true, "aud": "site", "acr": "eidas1", "jti": token, "scope": "cnaf_enfants", "iat": at, "exp": at + 60,
		"family_name": "MERCIER", "given_name": "Pierre", "given_name_array": []any{"Pierre"}, "birthdate": "1969-03-17",
		"gender": "male", "birthplace": "95277", "birthcountry": "99100",
	}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	c.clock.Advance(time.Minute)
	for name, token := range map[string]string{"over": token, "unknown": "x"} {
		if diff := cmp.Diff(map[string]any{"active": false}, c.told(token)["token_introspection"]); diff != "" {
			t.Error(name, diff)
		}
	}
}

func TestCheckTokenIsStrict(t *testing.T) {
	c := newChecker(t)
	good := url.Values{"token": {"x"}, "client_id": {"fd"}, "client_secret": {"s"}}
	for name, change := range map[string]struct {
		field, value string
		status       int
	}{
		"a parameter too many": {"token_type_hint", "access_token", 400}, "no token": {"token", "", 400},
		"a wrong secret": {"client_secret", "no", 401}, "a site, not a provider": {"client_id", "site", 401},
	} {
		form := url.Values{}
		for field := range good {
			form.Set(field, good.Get(field))
		}
		form.Set(change.field, change.value)
		if status, _, body := c.post(form); status != change.status {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

// Data scopes are for those who are entitled; the information page names them.
func TestDataScopesAreAskedByThoseEntitled(t *testing.T) {
	base, _, browser := start(t)
	form := good()
	form.Set("scope", "openid cnaf_enfants")
	if _, _, location := get(t, browser, base+"/authorize?"+form.Encode()); !strings.Contains(location, "invalid_scope") {
		t.Errorf("sent to %q", location)
	}
	form.Set("client_id", "entitled")
	_, page, _ := get(t, browser, base+"/authorize?"+form.Encode())
	choose := strings.Split(strings.Split(page, `<li><a href="`)[1], `"`)[0]
	if _, page, _ = get(t, browser, choose); !strings.Contains(page, "identité des enfants") || strings.Contains(page, "adresse du foyer") {
		t.Error(page)
	}
}
