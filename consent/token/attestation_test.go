package token_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

func goodAttestation() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": issuer, "jti": "a", "iat": now.Unix(), "recipient": "21990012300015", "data_set": "quotient_familial", "period": "2026-11",
		"data":  map[string]any{"quotient_familial": map[string]any{"valeur": 4270}},
		"lines": []any{map[string]any{"name": "Montant", "value": "4 270"}},
	}
}

func TestAnAttestationIsBelievedOnlyAsItWasSigned(t *testing.T) {
	key := newKey(t)
	keys := token.StaticKeys{"k1": &key.PublicKey}
	typed := map[string]any{"typ": token.AttestationType}
	raw := sign(t, jwt.SigningMethodES256, key, typed, goodAttestation())
	got, err := token.VerifyAttestation(t.Context(), keys, issuer, raw)
	if err != nil || string(got.Data["quotient_familial"]) != `{"valeur":4270}` || got.Lines[0].Value != "4 270" {
		t.Fatalf("a good attestation: %v, %v", got, err)
	}
	altered := strings.Split(raw, ".")
	body, _ := base64.RawURLEncoding.DecodeString(altered[1])
	altered[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(body), "4270", "427", 1)))
	for what, c := range map[string]struct {
		raw, issuer string
		keys        token.KeySet
		want        error
	}{
		"another amount":          {strings.Join(altered, "."), issuer, keys, token.ErrSignature},
		"another key":             {sign(t, jwt.SigningMethodES256, newKey(t), typed, goodAttestation()), issuer, keys, token.ErrSignature},
		"a key that is not known": {raw, issuer, token.StaticKeys{}, token.ErrUnknownKey},
		"another issuer":          {raw, "https://other.example", keys, token.ErrIssuer},
		"no issuer named":         {raw, "", keys, token.ErrIssuer},
		"not a token":             {"attestation", issuer, keys, token.ErrMalformed},
		"a book":                  {strings.Repeat("a", 1<<20), issuer, keys, token.ErrMalformed},
	} {
		if _, err := token.VerifyAttestation(t.Context(), c.keys, c.issuer, c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	for _, claim := range []string{"jti", "iat", "recipient", "data", "lines"} {
		without := goodAttestation()
		delete(without, claim)
		if _, err := token.VerifyAttestation(t.Context(), keys, issuer, sign(t, jwt.SigningMethodES256, key, typed, without)); !errors.Is(err, token.ErrMissingClaim) {
			t.Errorf("without %s: %v", claim, err)
		}
	}
}

// Whatever claims it carries, an attestation opens nothing, and what opens something
// attests nothing: the type of each decides.
func TestAnAttestationIsNoTokenAndATokenNoAttestation(t *testing.T) {
	key := newKey(t)
	keys := token.StaticKeys{"k1": &key.PublicKey}
	both := good()
	for name, value := range goodAttestation() {
		both[name] = value
	}
	attestation := sign(t, jwt.SigningMethodES256, key, map[string]any{"typ": token.AttestationType}, both)
	if _, err := token.VerifyAttestation(t.Context(), keys, issuer, attestation); err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: audience, Keys: keys, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(t.Context(), attestation); !errors.Is(err, token.ErrType) {
		t.Errorf("an attestation as a consent token: %v", err)
	}
	if _, err := token.VerifyReceipt(t.Context(), keys, issuer, attestation); !errors.Is(err, token.ErrType) {
		t.Errorf("an attestation as a receipt: %v", err)
	}
	for _, typ := range []string{token.Type, token.ReceiptType, token.EventType, token.StatusListType, token.IntrospectionType, "JWT", "jwt", ""} {
		if _, err := token.VerifyAttestation(t.Context(), keys, issuer, sign(t, jwt.SigningMethodES256, key, map[string]any{"typ": typ}, both)); !errors.Is(err, token.ErrType) {
			t.Errorf("%q as an attestation: %v", typ, err)
		}
	}
}
