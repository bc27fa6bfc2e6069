package oauth_test

import (
	"bytes"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// bit reads a status list as a stranger to our code would.
func bit(t *testing.T, raw string, index int) bool {
	t.Helper()
	var claims token.StatusListClaims
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(raw+"..", ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	compressed, err := base64.RawURLEncoding.DecodeString(claims.StatusList.List)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(compressed))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := io.ReadAll(r)
	if err != nil || len(bits)*8 != consent.StatusListSize {
		t.Fatalf("%d bytes, %v", len(bits), err)
	}
	return bits[index/8]>>(index%8)&1 == 1
}

func TestSecretsAreProvedOrRefusedAlike(t *testing.T) {
	w := newWorld(t)
	basic := func(id, secret string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(id, secret) }
	}
	header := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", value) }
	}
	cases := map[string]func(*http.Request){
		"wrong secret":    basic(w.Client.ID, "wrong"),
		"empty secret":    basic(w.Client.ID, ""),
		"unknown client":  basic("nobody", consenttest.Secret),
		"a client by key": basic("transports-source", consenttest.Secret),
		"not an id":       basic("a\x00b", consenttest.Secret),
		"not base64":      header("Basic ***"),
		"another scheme":  header("Bearer abc"),
		"no colon":        header("Basic " + base64.StdEncoding.EncodeToString([]byte("abc"))),
		"nothing":         func(r *http.Request) { r.Header.Del("Authorization") },
		"two headers":     func(r *http.Request) { r.Header.Add("Authorization", "Basic abc") },
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			p := w.post("/oauth/par", goodPush(), prepare)
			if p.status != http.StatusUnauthorized || p.text("error") != "invalid_client" {
				t.Errorf("%d %s", p.status, p.raw)
			}
			if name != "nothing" && !strings.HasPrefix(p.header.Get("WWW-Authenticate"), "Basic") {
				t.Error("no challenge")
			}
		})
	}
	wrong, unknown := w.post("/oauth/par", goodPush(), cases["wrong secret"]), w.post("/oauth/par", goodPush(), cases["unknown client"])
	if wrong.raw != unknown.raw {
		t.Errorf("an unknown client is told apart: %s / %s", wrong.raw, unknown.raw)
	}
	form := goodPush()
	form.Set("client_secret", consenttest.Secret)
	if p := w.post("/oauth/par", form); p.text("error") != "invalid_client" {
		t.Errorf("client_secret_post: %s", p.raw)
	}
}

func TestASecretIsFormEncodedInsideBasic(t *testing.T) {
	w := newWorld(t)
	client := w.Client
	secret := "p%s+w:r d"
	hash := consent.HashOf(secret)
	client.SecretHash = hash[:]
	if err := w.Memory.PutClient(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	p := w.post("/oauth/par", goodPush(), func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(client.ID), url.QueryEscape(secret)) })
	if p.status != http.StatusCreated {
		t.Errorf("%d %s", p.status, p.raw)
	}
}

func TestASuspendedClientIsToldOnceItProvedItself(t *testing.T) {
	w := newWorld(t)
	client := w.Client
	client.Suspended = true
	if err := w.Memory.PutClient(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if p := w.post("/oauth/par", goodPush()); p.status != 400 || p.text("error") != "unauthorized_client" {
		t.Errorf("%d %s", p.status, p.raw)
	}
	wrong := func(r *http.Request) { r.SetBasicAuth(client.ID, "wrong") }
	if p := w.post("/oauth/par", goodPush(), wrong); p.text("error") != "invalid_client" {
		t.Errorf("without proof: %s", p.raw)
	}
}

// keyed registers the town hall with three keys.
type keyed struct {
	*world
	ec  *ecdsa.PrivateKey
	rsa *rsa.PrivateKey
	ed  ed25519.PrivateKey
}

func newKeyed(t *testing.T) keyed {
	t.Helper()
	w := keyed{world: newWorld(t)}
	var errs [3]error
	w.ec, errs[0] = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.rsa, errs[1] = rsa.GenerateKey(rand.Reader, 2048)
	_, w.ed, errs[2] = ed25519.GenerateKey(rand.Reader)
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: w.ec.Public(), KeyID: "ec"}, {Key: w.rsa.Public(), KeyID: "rsa"}, {Key: w.ed.Public(), KeyID: "ed"},
	}}
	client := w.Client
	client.AuthMethod, client.SecretHash = consent.PrivateKeyJWT, nil
	var err error
	if client.JWKS, err = json.Marshal(set); err != nil {
		t.Fatal(err)
	}
	if err := w.Memory.PutClient(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w keyed) claims() jwt.MapClaims {
	now := w.Clock.Now()
	return jwt.MapClaims{"iss": w.Client.ID, "sub": w.Client.ID, "aud": issuer, "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "jti": consent.NewID()}
}

func (w keyed) push(method jwt.SigningMethod, key any, header map[string]any, claims jwt.MapClaims) reply {
	w.t.Helper()
	made := jwt.NewWithClaims(method, claims)
	for name, value := range header {
		made.Header[name] = value
	}
	raw, err := made.SignedString(key)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.pushRaw(raw)
}

func (w keyed) pushRaw(raw string) reply {
	form := goodPush()
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	form.Set("client_assertion", raw)
	return w.post("/oauth/par", form, func(r *http.Request) { r.Header.Del("Authorization") })
}

func kid(id string) map[string]any { return map[string]any{"kid": id} }

func TestEachAlgorithmOfTheProfileProvesAClient(t *testing.T) {
	w := newKeyed(t)
	for name, p := range map[string]reply{
		"ES256": w.push(jwt.SigningMethodES256, w.ec, kid("ec"), w.claims()),
		"PS256": w.push(jwt.SigningMethodPS256, w.rsa, kid("rsa"), w.claims()),
		"EdDSA": w.push(jwt.SigningMethodEdDSA, w.ed, kid("ed"), w.claims()),
		"aud in an array": func() reply {
			c := w.claims()
			c["aud"] = []string{issuer}
			return w.push(jwt.SigningMethodES256, w.ec, kid("ec"), c)
		}(),
	} {
		if p.status != http.StatusCreated {
			t.Errorf("%s: %d %s", name, p.status, p.raw)
		}
	}
}

func TestForgedOrCarelessAssertionsAreRefused(t *testing.T) {
	w := newKeyed(t)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(w.ec.Public())
	if err != nil {
		t.Fatal(err)
	}
	with := func(name string, value any) jwt.MapClaims {
		c := w.claims()
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return c
	}
	es := func(c jwt.MapClaims) reply { return w.push(jwt.SigningMethodES256, w.ec, kid("ec"), c) }
	now := w.Clock.Now()
	cases := map[string]reply{
		"another key":           w.push(jwt.SigningMethodES256, other, kid("ec"), w.claims()),
		"unknown kid":           w.push(jwt.SigningMethodES256, w.ec, kid("x"), w.claims()),
		"no kid, several keys":  w.push(jwt.SigningMethodES256, w.ec, nil, w.claims()),
		"HS256 with public key": w.push(jwt.SigningMethodHS256, public, kid("ec"), w.claims()),
		"none":                  w.push(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, kid("ec"), w.claims()),
		"RS256":                 w.push(jwt.SigningMethodRS256, w.rsa, kid("rsa"), w.claims()),
		"crit":                  w.push(jwt.SigningMethodES256, w.ec, map[string]any{"kid": "ec", "crit": []string{"x"}}, w.claims()),
		"another issuer":        es(with("iss", "x")),
		"another subject":       es(with("sub", "transports-source")),
		"unknown subject":       es(with("sub", "nobody")),
		"token endpoint as aud": es(with("aud", issuer+"/oauth/token")),
		"two audiences":         es(with("aud", []string{issuer, "https://other.example"})),
		"no audience":           es(with("aud", nil)),
		"no exp":                es(with("exp", nil)),
		"expired":               es(with("exp", now.Add(-time.Minute).Unix())),
		"an hour ahead":         es(with("exp", now.Add(time.Hour).Unix())),
		"issued tomorrow":       es(with("iat", now.Add(24*time.Hour).Unix())),
		"no jti":                es(with("jti", nil)),
		"not a JWT":             w.pushRaw("abc"),
		"empty":                 w.pushRaw(""),
	}
	for name, p := range cases {
		t.Run(name, func(t *testing.T) {
			if p.status != http.StatusUnauthorized || p.text("error") != "invalid_client" {
				t.Errorf("%d %s", p.status, p.raw)
			}
		})
	}
	again := w.claims()
	if p := es(again); p.status != http.StatusCreated {
		t.Fatalf("first use: %s", p.raw)
	}
	if p := es(again); p.text("error") != "invalid_client" || !strings.Contains(p.text("error_description"), "jti") {
		t.Errorf("second use: %s", p.raw)
	}
}

func TestTwoMethodsAtOnceAreRefused(t *testing.T) {
	w := newKeyed(t)
	form := goodPush()
	form.Set("client_assertion", "x")
	if p := w.post("/oauth/par", form); p.text("error") != "invalid_request" {
		t.Errorf("%s", p.raw)
	}
}
