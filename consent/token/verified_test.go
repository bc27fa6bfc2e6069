package token_test

import (
	"errors"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"portail.example/consent/token"
)

// A token that was verified is still judged each time: what is remembered is the
// signature, and nothing that can change.
func TestWhatWasVerifiedIsJudgedAgain(t *testing.T) {
	l, lists := newLister(t)
	keys := token.StaticKeys{"k1": &l.key.PublicKey}
	clock := now
	config := token.Config{Issuer: issuer, Audience: audience, Keys: keys, Now: func() time.Time { return clock }, Status: lists}
	v, err := token.NewVerifier(config)
	if err != nil {
		t.Fatal(err)
	}
	claims := good()
	claims["status"] = map[string]any{"status_list": map[string]any{"idx": 1, "uri": l.url + "/lists/1"}}
	raw := sign(t, jwt.SigningMethodES256, l.key, nil, claims)
	expect := func(what string, want error) {
		t.Helper()
		if _, err := v.Verify(t.Context(), raw); !errors.Is(err, want) {
			t.Errorf("%s: %v instead of %v", what, err, want)
		}
	}
	expect("first", nil)
	expect("again", nil)
	delete(keys, "k1")
	expect("its key was taken out", token.ErrUnknownKey)
	keys["k1"] = &newKey(t).PublicKey
	expect("another key has its name", token.ErrSignature)
	keys["k1"] = &l.key.PublicKey
	l.change = func(_ map[string]any, claims jwt.MapClaims) {
		claims["status_list"] = map[string]any{"bits": 1, "lst": pack(t, []byte{0xFF, 0xFF})}
	}
	l.now = l.now.Add(time.Minute)
	expect("withdrawn", token.ErrRevoked)
	clock = clock.Add(time.Hour)
	expect("expired", token.ErrExpired)
}

// What was inspected for any audience opens nothing at another one, and a token
// bound to a key needs its proof each time.
func TestInspectionTeachesTheVerifierNothing(t *testing.T) {
	key := newKey(t)
	v := verifier(t, key)
	for name, want := range map[string]error{"aud": token.ErrAudience, "cnf": token.ErrProofRequired} {
		claims := good()
		claims[name] = map[string]any{"aud": any("https://other.example"), "cnf": map[string]string{"jkt": "x"}}[name]
		raw := sign(t, jwt.SigningMethodES256, key, nil, claims)
		for range 2 {
			if _, err := v.Inspect(t.Context(), raw); err != nil {
				t.Fatal(err)
			}
			if _, err := v.Verify(t.Context(), raw); !errors.Is(err, want) {
				t.Errorf("%v instead of %v", err, want)
			}
		}
	}
}

// Callers own the claims they get: one that changes them changes nobody else's.
func TestClaimsAreNotShared(t *testing.T) {
	key := newKey(t)
	v, raw := verifier(t, key), sign(t, jwt.SigningMethodES256, key, nil, good())
	first, err := v.Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	untouched, _ := v.Verify(t.Context(), raw)
	first.AuthorizationDetails[0].Datatypes[0] = "adresse"
	first.AuthorizationDetails[0].Recipient = "another"
	first.ExpiresAt.Time = now.Add(100 * time.Hour)
	second, err := v.Verify(t.Context(), raw)
	if err != nil || !cmp.Equal(second, untouched) {
		t.Errorf("%v, %v", err, cmp.Diff(untouched, second))
	}
}
