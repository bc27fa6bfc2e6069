package oauth

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// oauthError is the JSON of RFC 6749 section 5.2.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

type answer struct {
	status int
	code   string
}

// answers lists every Code these endpoints can meet. What is not listed says
// nothing but its incident number.
var answers = map[consent.Code]answer{
	consent.InvalidRequest:              {http.StatusBadRequest, "invalid_request"},
	consent.TooLarge:                    {http.StatusRequestEntityTooLarge, "invalid_request"},
	consent.InvalidRedirectURI:          {http.StatusBadRequest, "invalid_request"},
	consent.InvalidClient:               {http.StatusUnauthorized, "invalid_client"},
	consent.UnauthorizedClient:          {http.StatusBadRequest, "unauthorized_client"},
	consent.InvalidScope:                {http.StatusBadRequest, "invalid_scope"},
	consent.InvalidAuthorizationDetails: {http.StatusBadRequest, "invalid_authorization_details"},
	consent.UnsupportedGrantType:        {http.StatusBadRequest, "unsupported_grant_type"},
	consent.UnsupportedResponseType:     {http.StatusBadRequest, "unsupported_response_type"},
	consent.AuthorizationPending:        {http.StatusBadRequest, "authorization_pending"},
	consent.SlowDown:                    {http.StatusBadRequest, "slow_down"},
	consent.AccessDenied:                {http.StatusBadRequest, "access_denied"},
	consent.ExpiredToken:                {http.StatusBadRequest, "expired_token"},
	consent.RequestClosed:               {http.StatusConflict, "invalid_request"},
	consent.InvalidProof:                {http.StatusBadRequest, "invalid_dpop_proof"},
	consent.ProofNonce:                  {http.StatusBadRequest, "use_dpop_nonce"},
	consent.InvalidToken:                {http.StatusUnauthorized, "invalid_token"},
	consent.InsufficientScope:           {http.StatusForbidden, "insufficient_scope"},
	consent.InvalidGrant:                {http.StatusBadRequest, "invalid_grant"},
	consent.TooMany:                     {http.StatusTooManyRequests, "temporarily_unavailable"},
	consent.NotFound:                    {http.StatusNotFound, "invalid_request"},
	consent.Unavailable:                 {http.StatusServiceUnavailable, "temporarily_unavailable"},
}

// writeError is the error writer for administrations.
func writeError(c *gin.Context, err error) {
	a, listed := answers[consent.CodeOf(err)]
	if !listed {
		web.JSON(c, http.StatusInternalServerError, oauthError{"server_error", "incident " + web.RequestID(c)})
		return
	}
	challenge(c, a, err)
	if a.status == http.StatusServiceUnavailable || a.code == "slow_down" {
		c.Header("Retry-After", "5")
	}
	web.JSON(c, a.status, oauthError{a.code, describe(err)})
}

// proofs are the faults of a presented token that have a challenge of their own.
var proofs = []error{
	token.ErrNoToken, token.ErrProof, token.ErrProofNonce, token.ErrProofReplayed, token.ErrProofKey, token.ErrProofRequired,
}

// challenge says how to authenticate: RFC 6750 section 3 and RFC 9449 section 7.1
// where a token is presented, RFC 6749 section 5.2 where a client is.
func challenge(c *gin.Context, a answer, err error) {
	switch {
	case a.code == "invalid_token" || a.code == "insufficient_scope":
		header := `Bearer error="` + a.code + `"`
		if at := slices.IndexFunc(proofs, func(fault error) bool { return errors.Is(err, fault) }); at >= 0 {
			_, header = token.Challenge(proofs[at])
		}
		c.Header("WWW-Authenticate", header)
	case a.status == http.StatusUnauthorized:
		c.Header("WWW-Authenticate", `Basic realm="token", charset="UTF-8"`)
	}
}

// describe names the parameter first: "redirect_uri: not registered for this client".
func describe(err error) string {
	field, detail := consent.FieldOf(err), consent.DetailOf(err)
	if field == "" || detail == "" {
		return field + detail
	}
	return field + ": " + detail
}
