package token_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

func goodReceipt() jwt.MapClaims {
	return jwt.MapClaims{"iss": issuer, "jti": "d", "iat": now.Unix(), "consent_receipt": map[string]any{
		"record_id": "d", "event": []any{map[string]any{"event_state": "dpv:ConsentGiven", "event_time": now.Unix()}},
	}}
}

func TestAReceiptIsBelievedOnlyAsItWasSigned(t *testing.T) {
	key := newKey(t)
	keys := token.StaticKeys{"k1": &key.PublicKey}
	typed := map[string]any{"typ": token.ReceiptType}
	raw := sign(t, jwt.SigningMethodES256, key, typed, goodReceipt())
	got, err := token.VerifyReceipt(t.Context(), keys, issuer, raw)
	if err != nil || got.Receipt.RecordID != "d" {
		t.Fatalf("a good receipt: %v, %v", got, err)
	}
	altered := strings.Split(raw, ".")
	body, _ := base64.RawURLEncoding.DecodeString(altered[1])
	altered[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(body), "Given", "Other", 1)))
	without := goodReceipt()
	delete(without, "jti")
	for what, c := range map[string]struct {
		raw, issuer string
		keys        token.KeySet
		want        error
	}{
		"altered":                  {strings.Join(altered, "."), issuer, keys, token.ErrSignature},
		"another key":              {sign(t, jwt.SigningMethodES256, newKey(t), typed, goodReceipt()), issuer, keys, token.ErrSignature},
		"a key that is not known":  {raw, issuer, token.StaticKeys{}, token.ErrUnknownKey},
		"another issuer":           {raw, "https://other.example", keys, token.ErrIssuer},
		"no issuer named":          {raw, "", keys, token.ErrIssuer},
		"a token that opens doors": {sign(t, jwt.SigningMethodES256, key, nil, goodReceipt()), issuer, keys, token.ErrType},
		"of no answer":             {sign(t, jwt.SigningMethodES256, key, typed, without), issuer, keys, token.ErrMissingClaim},
		"not a token":              {"receipt", issuer, keys, token.ErrMalformed},
		"a book":                   {strings.Repeat("a", 1<<20), issuer, keys, token.ErrMalformed},
	} {
		if _, err := token.VerifyReceipt(t.Context(), c.keys, c.issuer, c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}
