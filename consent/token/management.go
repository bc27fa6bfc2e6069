package token

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// BatchScope lets a client refresh its own consents together (client credentials,
// RFC 6749 section 4.4). Its token is for an audience of its own, see BatchAudience.
const BatchScope = "data_batch"

// BatchAudience is `aud` of a token with BatchScope at a data API: not the API's own,
// so that it is a consent token to nobody.
func BatchAudience(api string) string { return api + "/batch" }

// ManagementClaims are those of the short token with which a client reads or
// gives up its own consents (RFC 9068; Grant Management for OAuth 2.0), or starts a
// batch over them. It stands for no consent: it has no grant_id and no
// authorization_details, and a Verifier of consent tokens refuses it.
type ManagementClaims struct {
	Issuer    string           `json:"iss"`
	Subject   string           `json:"sub"` // the client itself
	Audience  string           `json:"aud"`
	ClientID  string           `json:"client_id"`
	Scope     string           `json:"scope"`
	ID        string           `json:"jti"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	ExpiresAt *jwt.NumericDate `json:"exp"`
	// Confirmation binds the token to a key its holder must prove.
	Confirmation *Confirmation `json:"cnf,omitempty"`
}

// Has reports whether the token is good for a scope.
func (c ManagementClaims) Has(scope string) bool {
	return slices.Contains(strings.Fields(c.Scope), scope)
}

// VerifyClient returns the claims of a client's own token that a request presents to
// the verifier's audience, with its DPoP proof when it is bound to a key, or one of
// this package's errors. What it may do is told by its scope.
func (v *Verifier) VerifyClient(r *http.Request) (ManagementClaims, error) {
	sent, err := Present(r)
	if err != nil {
		return ManagementClaims{}, err
	}
	claims, err := v.clientClaims(r, sent.Token)
	if err == nil {
		err = v.holds(r, sent, claims.Confirmation)
	}
	if err != nil {
		return ManagementClaims{}, err
	}
	return ManagementClaims(claims), nil
}

func (v *Verifier) clientClaims(r *http.Request, raw string) (claims managementClaims, err error) {
	if len(raw) > maxSize {
		return claims, ErrMalformed
	}
	parsed, err := v.parser.ParseWithClaims(raw, &claims, func(t *jwt.Token) (any, error) { return headerKey(r.Context(), t, Type, v.keys) })
	if err != nil {
		return claims, classify(parsed, err)
	}
	if err := v.claims.Validate(claims); err != nil {
		return claims, claimsFault(err)
	}
	if claims.Subject == "" || claims.Subject != claims.ClientID || claims.ID == "" || claims.IssuedAt == nil {
		return claims, fmt.Errorf("%w: sub, client_id, jti or iat", ErrMissingClaim)
	}
	return claims, nil
}

// holds is prove, or its absence where no key is bound.
func (v *Verifier) holds(r *http.Request, sent Presented, bound *Confirmation) error {
	switch {
	case sent.Proof != "":
		return v.prove(r, sent, bound)
	case bound != nil:
		return ErrProofRequired
	}
	return nil
}

// managementClaims makes ManagementClaims a jwt.Claims.
type managementClaims ManagementClaims

func (c managementClaims) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt, nil }
func (c managementClaims) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt, nil }
func (managementClaims) GetNotBefore() (*jwt.NumericDate, error)        { return nil, nil }
func (c managementClaims) GetIssuer() (string, error)                   { return c.Issuer, nil }
func (c managementClaims) GetSubject() (string, error)                  { return c.Subject, nil }
func (c managementClaims) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings{c.Audience}, nil
}
