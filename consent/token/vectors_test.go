package token_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

var update = flag.Bool("update", false, "make the test vectors anew, with a new key")

const vectorsFile = "testdata/vectors.json"

// vectors are tokens with the verdict every verifier must reach, whatever its
// language. Verdicts other than valid name the rule of the README.
type vectors struct {
	Issuer   string          `json:"issuer"`
	Audience string          `json:"audience"`
	Now      time.Time       `json:"now"`
	Type     string          `json:"type"`     // of the data set asked for
	Datatype string          `json:"datatype"` // data group asked for
	JWKS     json.RawMessage `json:"jwks"`
	Tokens   []vector        `json:"tokens"`
}

type vector struct {
	Name    string `json:"name"`
	Verdict string `json:"verdict"`
	Token   string `json:"token"`
}

var verdicts = map[string]error{
	"valid": nil, "malformed": token.ErrMalformed, "type": token.ErrType, "algorithm": token.ErrAlgorithm, "critical": token.ErrCritical,
	"unknown_key": token.ErrUnknownKey, "signature": token.ErrSignature, "issuer": token.ErrIssuer, "audience": token.ErrAudience, "expired": token.ErrExpired,
	"not_yet_valid": token.ErrNotYetValid, "missing_claim": token.ErrMissingClaim, "proof_required": token.ErrProofRequired, "scope": token.ErrScope,
}

func TestVectors(t *testing.T) {
	if *update {
		makeVectors(t)
	}
	raw, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	keys, err := token.ParseKeys(v.JWKS)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: v.Issuer, Audience: v.Audience, Keys: keys, Now: func() time.Time { return v.Now }})
	if err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{}
	for _, vector := range v.Tokens {
		want, known := verdicts[vector.Verdict]
		if !known {
			t.Fatalf("%s: unknown verdict %s", vector.Name, vector.Verdict)
		}
		claims, err := verifier.Verify(t.Context(), vector.Token)
		if detail, ok := claims.Detail(v.Type); err == nil && (!ok || !detail.Allows(v.Datatype)) {
			err = token.ErrScope
		}
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %s", vector.Name, err, vector.Verdict)
		}
		reached[vector.Verdict] = true
	}
	if len(reached) != len(verdicts) {
		t.Errorf("only %d of %d verdicts have a vector", len(reached), len(verdicts))
	}
}

// maker signs vectors.
type maker struct {
	t   *testing.T
	key *ecdsa.PrivateKey
	now time.Time
}

func (m maker) token(change func(header map[string]any, claims jwt.MapClaims)) string {
	claims := jwt.MapClaims{
		"iss": "https://portal.example", "aud": "https://api.example", "sub": "pairwise-subject-of-a-citizen", "client_id": "mairie-lisiere",
		"scope": "quotient_familial", "grant_id": "grant-1", "jti": "token-1", "iat": m.now.Unix(), "exp": m.now.Add(5 * time.Minute).Unix(), "acr": "eidas1",
		"authorization_details": []any{map[string]any{
			"type": "quotient_familial", "datatypes": []string{"quotient_familial"}, "purpose": "tarification-cantine",
			"recipient": "21990012300015", "access": "continuous", "expires_at": "2027-08-31",
		}},
	}
	header := map[string]any{"typ": "at+jwt", "kid": "vector-key"}
	change(header, claims)
	made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	for name, value := range header {
		made.Header[name] = value
	}
	raw, err := made.SignedString(m.key)
	if err != nil {
		m.t.Fatal(err)
	}
	return raw
}

func makeVectors(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	m := maker{t, key, now}
	h := holder{t, key}
	public := h.jwk()
	public["kid"], public["use"], public["alg"] = "vector-key", "sig", "ES256"
	jwks, err := json.Marshal(map[string]any{"keys": []any{public}})
	if err != nil {
		t.Fatal(err)
	}
	v := vectors{Issuer: "https://portal.example", Audience: "https://api.example", Now: now, Type: "quotient_familial", Datatype: "quotient_familial", JWKS: jwks, Tokens: m.all(jwks)}
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(vectorsFile, append(raw, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// all are the tokens: each bad one breaks one rule only.
func (m maker) all(jwks []byte) []vector {
	claim := func(name string, value any) string {
		return m.token(func(_ map[string]any, claims jwt.MapClaims) {
			claims[name] = value
			if value == nil {
				delete(claims, name)
			}
		})
	}
	head := func(name string, value any) string {
		return m.token(func(header map[string]any, _ jwt.MapClaims) {
			header[name] = value
			if value == nil {
				delete(header, name)
			}
		})
	}
	good := m.token(func(map[string]any, jwt.MapClaims) {})
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	none := encode([]byte(`{"alg":"none","typ":"at+jwt","kid":"vector-key"}`)) + "." + parts[1] + "."
	hmac := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": "https://portal.example"})
	hmac.Header["typ"], hmac.Header["kid"] = "at+jwt", "vector-key"
	confused, err := hmac.SignedString(jwks)
	if err != nil {
		m.t.Fatal(err)
	}
	stranger := maker{m.t, newHolder(m.t).key, m.now}.token(func(map[string]any, jwt.MapClaims) {})
	return []vector{
		{"good", "valid", good},
		{"good, with a member nobody knows", "valid", claim("new_member", true)},
		{"not a JWT", "malformed", "not.a.jwt"},
		{"two parts", "malformed", parts[0] + "." + parts[1]},
		{"typ JWT", "type", head("typ", "JWT")},
		{"an ID token, without typ", "type", head("typ", nil)},
		{"alg none", "algorithm", none},
		{"HS256 with the public key set as the secret", "algorithm", confused},
		{"crit", "critical", head("crit", []string{"b64"})},
		{"unknown kid", "unknown_key", head("kid", "other")},
		{"no kid", "unknown_key", head("kid", nil)},
		{"signed by a stranger under our kid", "signature", stranger},
		{"payload changed after signing", "signature", parts[0] + "." + encode([]byte(`{"iss":"https://portal.example"}`)) + "." + parts[2]},
		{"another issuer", "issuer", claim("iss", "https://portal.example.evil.example")},
		{"another audience", "audience", claim("aud", "https://other.example")},
		{"expired", "expired", claim("exp", m.now.Add(-time.Second).Unix())},
		{"never expires", "missing_claim", claim("exp", nil)},
		{"issued tomorrow", "not_yet_valid", claim("iat", m.now.Add(24*time.Hour).Unix())},
		{"not before tomorrow", "not_yet_valid", claim("nbf", m.now.Add(24*time.Hour).Unix())},
		{"no sub", "missing_claim", claim("sub", nil)},
		{"no client_id", "missing_claim", claim("client_id", nil)},
		{"no jti", "missing_claim", claim("jti", nil)},
		{"no grant_id", "missing_claim", claim("grant_id", nil)},
		{"no authorization_details", "missing_claim", claim("authorization_details", nil)},
		{"bound to a key, sent as a bearer token", "proof_required", claim("cnf", map[string]any{"jkt": strings.Repeat("A", 43)})},
		{"another data group", "scope", claim("authorization_details", []any{map[string]any{"type": "quotient_familial", "datatypes": []string{"adresse"}}})},
		{"another data set", "scope", claim("authorization_details", []any{map[string]any{"type": "statut_etudiant", "datatypes": []string{"quotient_familial"}}})},
	}
}
