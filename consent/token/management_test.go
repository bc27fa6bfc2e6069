package token_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

func starter(change jwt.MapClaims) jwt.MapClaims {
	claims := jwt.MapClaims{
		"iss": issuer, "sub": "mairie", "aud": token.BatchAudience(audience), "client_id": "mairie", "scope": token.BatchScope, "jti": "j",
		"iat": now.Unix(), "exp": now.Unix() + 60,
	}
	for name, value := range change {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	return claims
}

// A client's own token is good for its audience only, and a consent token is none.
func TestAClientsOwnToken(t *testing.T) {
	key := newKey(t)
	batches := verifierFor(t, key, token.BatchAudience(audience))
	for what, c := range map[string]struct {
		header map[string]any
		claims jwt.MapClaims
		want   error
	}{
		"good":                      {nil, starter(nil), nil},
		"another audience":          {nil, starter(jwt.MapClaims{"aud": audience}), token.ErrAudience},
		"a consent token":           {nil, good(), token.ErrAudience},
		"one for the same audience": {nil, starter(jwt.MapClaims{"sub": "pairwise"}), token.ErrMissingClaim},
		"without a jti":             {nil, starter(jwt.MapClaims{"jti": nil}), token.ErrMissingClaim},
		"without an end":            {nil, starter(jwt.MapClaims{"exp": nil}), token.ErrMissingClaim},
		"expired":                   {nil, starter(jwt.MapClaims{"exp": now.Unix() - 1}), token.ErrExpired},
		"of another type":           {map[string]any{"typ": "JWT"}, starter(nil), token.ErrType},
		"with what we do not know":  {map[string]any{"crit": []string{"x"}}, starter(nil), token.ErrCritical},
		"of a key we do not know":   {map[string]any{"kid": "k9"}, starter(nil), token.ErrUnknownKey},
		"bound, and nothing proved": {nil, starter(jwt.MapClaims{"cnf": map[string]string{"jkt": "k"}}), token.ErrProofRequired},
	} {
		r := httptest.NewRequest(http.MethodPost, "/data/v1/quotient-familial/batch", nil)
		r.Header.Set("Authorization", "Bearer "+sign(t, jwt.SigningMethodES256, key, c.header, c.claims))
		if claims, err := batches.VerifyClient(r); !errors.Is(err, c.want) || err == nil && !claims.Has(token.BatchScope) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

// Whatever a data provider does with it, a client's own token is no consent: not for
// its audience, not for another, and not when it is minted for the data API itself.
func TestAClientsOwnTokenIsNoConsent(t *testing.T) {
	key := newKey(t)
	consents := verifier(t, key)
	for _, claims := range []jwt.MapClaims{starter(nil), starter(jwt.MapClaims{"aud": audience})} {
		raw := sign(t, jwt.SigningMethodES256, key, nil, claims)
		if _, err := consents.Verify(t.Context(), raw); err == nil {
			t.Error("verified as a consent")
		}
		if _, err := consents.Inspect(t.Context(), raw); !errors.Is(err, token.ErrMissingClaim) {
			t.Errorf("inspected: %v", err)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+raw)
		if _, err := consents.VerifyRequest(r); err == nil {
			t.Error("a request is let in")
		}
	}
}

func TestScopes(t *testing.T) {
	claims := token.ManagementClaims{Scope: "a data_batch_more b"}
	if claims.Has(token.BatchScope) || !claims.Has("b") || claims.Has("") {
		t.Error("scopes are words")
	}
}
