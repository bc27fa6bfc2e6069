package token_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"portail.example/consent/token"
)

const (
	issuer   = "https://portal.example"
	audience = "https://portal.example/data"
)

var now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func good() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": issuer, "sub": "pairwise", "aud": audience, "client_id": "mairie", "scope": "quotient_familial", "grant_id": "g", "jti": "j",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "auth_time": now.Unix(), "acr": "eidas1",
		"authorization_details": []any{map[string]any{
			"type": "quotient_familial", "datatypes": []string{"enfants"}, "purpose": "tarification-cantine", "recipient": "21990012300015", "access": "continuous", "expires_at": "2027-08-31",
		}},
	}
}

// sign makes a token, good unless header or claims say otherwise.
func sign(t testing.TB, method jwt.SigningMethod, key any, header map[string]any, claims jwt.MapClaims) string {
	t.Helper()
	made := jwt.NewWithClaims(method, claims)
	made.Header["typ"], made.Header["kid"] = token.Type, "k1"
	for name, value := range header {
		if made.Header[name] = value; value == nil {
			delete(made.Header, name)
		}
	}
	raw, err := made.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func verifier(t testing.TB, key *ecdsa.PrivateKey) *token.Verifier {
	return verifierFor(t, key, audience)
}

func verifierFor(t testing.TB, key *ecdsa.PrivateKey, audience string) *token.Verifier {
	t.Helper()
	v, err := token.NewVerifier(token.Config{
		Issuer: issuer, Audience: audience, Keys: token.StaticKeys{"k1": &key.PublicKey}, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAGoodTokenIsRead(t *testing.T) {
	key := newKey(t)
	claims, err := verifier(t, key).Verify(t.Context(), sign(t, jwt.SigningMethodES256, key, nil, good()))
	if err != nil {
		t.Fatal(err)
	}
	detail, ok := claims.Detail("quotient_familial")
	if !ok || !detail.Allows("enfants") || detail.Allows("adresse") || claims.GrantID != "g" {
		t.Errorf("read as %+v", detail)
	}
}

func TestEachBadTokenHasItsRefusal(t *testing.T) {
	key, other := newKey(t), newKey(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	es256 := func(header map[string]any, change func(jwt.MapClaims)) string {
		claims := good()
		change(claims)
		return sign(t, jwt.SigningMethodES256, key, header, claims)
	}
	set := func(name string, value any) func(jwt.MapClaims) { return func(c jwt.MapClaims) { c[name] = value } }
	del := func(name string) func(jwt.MapClaims) { return func(c jwt.MapClaims) { delete(c, name) } }
	nothing := func(jwt.MapClaims) {}
	valid := es256(nil, nothing)
	cases := map[string]struct {
		raw  string
		want error
	}{
		"empty":                         {"", token.ErrMalformed},
		"two parts":                     {"a.b", token.ErrMalformed},
		"huge":                          {strings.Repeat("a", 10_000), token.ErrMalformed},
		"alg none":                      {sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, good()), token.ErrAlgorithm},
		"HS256 with the public key":     {sign(t, jwt.SigningMethodHS256, public, nil, good()), token.ErrAlgorithm},
		"RS256":                         {sign(t, jwt.SigningMethodRS256, rsaKey, nil, good()), token.ErrAlgorithm},
		"alg unknown":                   {swapHeader(valid, `{"alg":"XX","typ":"at+jwt","kid":"k1"}`), token.ErrAlgorithm},
		"no typ":                        {es256(map[string]any{"typ": nil}, nothing), token.ErrType},
		"an ID token":                   {es256(map[string]any{"typ": "JWT"}, nothing), token.ErrType},
		"a status list":                 {es256(map[string]any{"typ": "statuslist+jwt"}, nothing), token.ErrType},
		"crit":                          {es256(map[string]any{"crit": []string{"b64"}}, nothing), token.ErrCritical},
		"no kid":                        {es256(map[string]any{"kid": nil}, nothing), token.ErrUnknownKey},
		"unknown kid":                   {es256(map[string]any{"kid": "k2"}, nothing), token.ErrUnknownKey},
		"another's signature":           {sign(t, jwt.SigningMethodES256, other, nil, good()), token.ErrSignature},
		"changed payload":               {swapPayload(valid), token.ErrSignature},
		"no signature":                  {valid[:strings.LastIndex(valid, ".")+1], token.ErrSignature},
		"another spelling of signature": {respell(valid), token.ErrMalformed},
		"another issuer":                {es256(nil, set("iss", issuer+"/")), token.ErrIssuer},
		"no issuer":                     {es256(nil, del("iss")), token.ErrMissingClaim},
		"another audience":              {es256(nil, set("aud", "https://other.example")), token.ErrAudience},
		"no audience":                   {es256(nil, del("aud")), token.ErrMissingClaim},
		"expired now":                   {es256(nil, set("exp", now.Unix())), token.ErrExpired},
		"no exp":                        {es256(nil, del("exp")), token.ErrMissingClaim},
		"issued in the future":          {es256(nil, set("iat", now.Add(time.Minute).Unix())), token.ErrNotYetValid},
		"no iat":                        {es256(nil, del("iat")), token.ErrMissingClaim},
		"not before":                    {es256(nil, set("nbf", now.Add(time.Minute).Unix())), token.ErrNotYetValid},
		"no sub":                        {es256(nil, del("sub")), token.ErrMissingClaim},
		"no client":                     {es256(nil, del("client_id")), token.ErrMissingClaim},
		"no jti":                        {es256(nil, del("jti")), token.ErrMissingClaim},
		"no grant":                      {es256(nil, del("grant_id")), token.ErrMissingClaim},
		"no details":                    {es256(nil, set("authorization_details", []any{})), token.ErrMissingClaim},
		"bound to a key":                {es256(nil, set("cnf", map[string]string{"jkt": "x"})), token.ErrProofRequired},
		"claims of another shape":       {es256(nil, set("authorization_details", "all")), token.ErrMalformed},
	}
	v := verifier(t, key)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			claims, err := v.Verify(t.Context(), c.raw)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if !cmp.Equal(claims, token.Claims{}) {
				t.Error("claims came with a refusal")
			}
		})
	}
}

func swapHeader(raw, header string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + raw[strings.Index(raw, "."):]
}

func swapPayload(raw string) string {
	parts := strings.Split(raw, ".")
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(payload), "enfants", "adresse", 1)))
	return strings.Join(parts, ".")
}

// respell sets unused bits of the last character: a lenient decoder reads the
// same signature, and a list of revoked raw tokens would miss it.
func respell(raw string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, raw[len(raw)-1])
	return raw[:len(raw)-1] + string(alphabet[last|1])
}

func TestTheLeewayIsBounded(t *testing.T) {
	key := newKey(t)
	for leeway, valid := range map[time.Duration]bool{0: true, time.Minute: true, time.Minute + 1: false, -1: false} {
		_, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: audience, Keys: token.StaticKeys{"k1": &key.PublicKey}, Leeway: leeway})
		if (err == nil) != valid {
			t.Errorf("leeway %s: %v", leeway, err)
		}
	}
}

// TestTheWireIsTheProtocols keeps the JSON as the protocol page writes it.
func TestTheWireIsTheProtocols(t *testing.T) {
	const wire = `{"iss":"https://portal.example","sub":"p","aud":"https://portal.example/data","client_id":"m","scope":"quotient_familial","grant_id":"g","jti":"j",` +
		`"iat":0,"exp":300,"auth_time":0,"acr":"eidas1",` +
		`"authorization_details":[{"type":"quotient_familial","datatypes":["quotient_familial"],"purpose":"tarification-cantine","recipient":"21750001600019","access":"continuous","expires_at":"2027-08-31"}],` +
		`"status":{"status_list":{"idx":4711,"uri":"https://portal.example/oauth/status-lists/3"}},"cnf":{"jkt":"x"}}`
	var claims token.Claims
	if err := json.Unmarshal([]byte(wire), &claims); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wire, string(got)); diff != "" {
		t.Error(diff)
	}
}

func FuzzVerifyNeverAcceptsNorPanics(f *testing.F) {
	key := newKey(f)
	v := verifier(f, key)
	valid := sign(f, jwt.SigningMethodES256, key, nil, good())
	f.Add(valid + "x")
	f.Add("")
	f.Add("..")
	f.Add(swapHeader(valid, `{"alg":"none","typ":"at+jwt"}`))
	f.Fuzz(func(t *testing.T, raw string) {
		if _, err := v.Verify(t.Context(), raw); err == nil && raw != valid {
			t.Errorf("accepted %q", raw)
		}
	})
}
