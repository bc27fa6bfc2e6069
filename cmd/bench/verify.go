package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"portail.example/consent/token"
	"portail.example/internal/signing"
)

// distinct is more tokens than a Verifier remembers.
const distinct = 1 << 14

// verifications are the public Verifier's times: for a token never seen before, and
// for one it has verified.
func verifications(ctx context.Context, p plan) (cold, again float64, err error) {
	key, _, err := signing.Generate()
	if err != nil {
		return 0, 0, err
	}
	keys, err := token.ParseKeys(key.JWKS())
	if err != nil {
		return 0, 0, err
	}
	v, err := token.NewVerifier(token.Config{Issuer: "https://portal.example", Audience: "https://portal.example/data", Keys: keys})
	if err != nil {
		return 0, 0, err
	}
	minted, err := mint(key)
	if err != nil {
		return 0, 0, err
	}
	n := 0
	if cold, err = each(p, func() error { n++; _, err := v.Verify(ctx, minted[n%distinct]); return err }); err != nil {
		return 0, 0, err
	}
	again, err = each(p, func() error { _, err := v.Verify(ctx, minted[0]); return err })
	return cold, again, err
}

// claims are a consent token's, for a clock and a number.
const claims = `{
	"iss": "https://portal.example", "sub": "Yk3nq0VqOQm8tXgCq1u4Ww", "aud": "https://portal.example/data", "client_id": "transports-source",
	"scope": "quotient_familial", "grant_id": "mJ2h0rQbT4xY9cUe5K7dRA", "jti": "%[2]d", "iat": %[1]d, "exp": %[3]d, "auth_time": %[1]d, "acr": "eidas1",
	"authorization_details": [{
		"type": "quotient_familial", "locations": ["https://portal.example/data/v1/quotient-familial"], "datatypes": ["quotient_familial"],
		"purpose": "tarification-transports", "recipient": "21990013100018", "access": "continuous", "expires_at": "2027-08-31"}],
	"status": {"status_list": {"idx": %[2]d, "uri": "https://portal.example/oauth/status-lists/1"}}
}`

// mint makes tokens like the portal's.
func mint(key *signing.Key) ([]string, error) {
	now := time.Now().Unix()
	out := make([]string, distinct)
	for i := range out {
		var c token.Claims
		if err := json.Unmarshal(fmt.Appendf(nil, claims, now, i, now+3600), &c); err != nil {
			return nil, err
		}
		var err error
		if out[i], err = key.Mint(c); err != nil {
			return nil, err
		}
	}
	return out, nil
}
