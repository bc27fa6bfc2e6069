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
	ErrWrongScheme = errors.New("token: the Authorization header is not Bearer")
	// ErrScope means that the token is good and does not allow this.
	ErrScope = errors.New("token: this data was not granted")
)

// FromRequest reads the token of a request. Only the Authorization header counts:
// a token in a URL ends in logs (RFC 9700 section 4.3.2).
func FromRequest(r *http.Request) (string, error) {
	if r.URL.Query().Has("access_token") {
		return "", ErrTokenInURL
	}
	values := r.Header.Values("Authorization")
	switch {
	case len(values) == 0:
		return "", ErrNoToken
	case len(values) > 1:
		return "", ErrManyTokens
	}
	scheme, raw, found := strings.Cut(values[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || strings.ContainsAny(raw, " ,") || raw == "" {
		return "", ErrWrongScheme
	}
	return raw, nil
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
	case errors.Is(err, ErrKeys):
		return http.StatusServiceUnavailable, ""
	}
	return http.StatusUnauthorized, challenge("invalid_token", err)
}

func challenge(code string, err error) string {
	text := strings.TrimPrefix(err.Error(), "token: ")
	return `Bearer error="` + code + `", error_description="` + text + `"`
}
