package token

import (
	"errors"
	"net/http"
	"strings"
)

// What can be wrong with how a token is sent (RFC 6750 section 2).
var (
	ErrNoToken     = errors.New("token: no bearer token in the Authorization header")
	ErrManyTokens  = errors.New("token: more than one Authorization header")
	ErrTokenInURL  = errors.New("token: tokens are not accepted in the URL")
	ErrWrongScheme = errors.New("token: the scheme of the Authorization header does not fit the token")
	// ErrScope means that the token is good and does not allow this.
	ErrScope = errors.New("token: this data was not granted")
)

// Presented is how a request carries its token: with a DPoP proof, or as a bearer
// token when Proof is empty.
type Presented struct{ Token, Proof string }

// Present reads both, and trusts neither. Only the Authorization header counts: a
// token in a URL ends in logs (RFC 9700 section 4.3.2).
func Present(r *http.Request) (Presented, error) {
	if r.URL.Query().Has("access_token") {
		return Presented{}, ErrTokenInURL
	}
	values := r.Header.Values("Authorization")
	switch {
	case len(values) == 0:
		return Presented{}, ErrNoToken
	case len(values) > 1:
		return Presented{}, ErrManyTokens
	}
	scheme, raw, found := strings.Cut(values[0], " ")
	bound := strings.EqualFold(scheme, "DPoP")
	if !found || raw == "" || strings.ContainsAny(raw, " ,") || (!bound && !strings.EqualFold(scheme, "Bearer")) {
		return Presented{}, ErrWrongScheme
	}
	if !bound {
		return Presented{Token: raw}, nil
	}
	proofs := r.Header.Values("DPoP")
	if len(proofs) != 1 || proofs[0] == "" {
		return Presented{}, ErrProof
	}
	return Presented{Token: raw, Proof: proofs[0]}, nil
}

// Challenge is the status and the WWW-Authenticate header that answer an error
// of this package (RFC 6750 section 3). The header is empty for 503.
func Challenge(err error) (status int, header string) {
	switch {
	case errors.Is(err, ErrNoToken):
		return http.StatusUnauthorized, `Bearer`
	case errors.Is(err, ErrManyTokens), errors.Is(err, ErrTokenInURL), errors.Is(err, ErrWrongScheme):
		return http.StatusBadRequest, challenge("invalid_request", err)
	case errors.Is(err, ErrScope):
		return http.StatusForbidden, challenge("insufficient_scope", err)
	case errors.Is(err, ErrKeys), errors.Is(err, ErrProofStore), errors.Is(err, ErrStatus):
		return http.StatusServiceUnavailable, ""
	case errors.Is(err, ErrProofNonce):
		return http.StatusUnauthorized, `DPoP error="use_dpop_nonce", algs="` + Algorithm + `"`
	case errors.Is(err, ErrProof), errors.Is(err, ErrProofReplayed), errors.Is(err, ErrProofKey), errors.Is(err, ErrProofRequired):
		return http.StatusUnauthorized, dpopChallenge(err)
	}
	return http.StatusUnauthorized, challenge("invalid_token", err)
}

func challenge(code string, err error) string {
	return `Bearer error="` + code + `", error_description="` + describe(err) + `"`
}

func dpopChallenge(err error) string {
	code := "invalid_dpop_proof"
	if errors.Is(err, ErrProofRequired) || errors.Is(err, ErrProofKey) {
		code = "invalid_token"
	}
	return `DPoP error="` + code + `", error_description="` + describe(err) + `", algs="` + Algorithm + `"`
}

func describe(err error) string { return strings.TrimPrefix(err.Error(), "token: ") }
