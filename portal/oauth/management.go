package oauth

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// The scopes of Grant Management for OAuth 2.0, and ours.
const (
	queryScope  = "grant_management_query"
	revokeScope = "grant_management_revoke"
	// eventsScope is for reading events by poll (RFC 8936).
	eventsScope = "consent_events"
	// managementLife is short: the token is for one errand.
	managementLife = time.Minute
)

// clientToken is the client credentials grant (RFC 6749 section 4.4), for grant
// management, events and batches only: no data is ever a client's own.
func (room *Room) clientToken(c *gin.Context, form web.Params, client consent.Client, jkt string) error {
	if err := client.Bound(jkt); err != nil {
		return err
	}
	scopes := strings.Fields(form.Get("scope"))
	audience, err := room.audienceOf(scopes)
	if err != nil {
		return err
	}
	now := room.Now()
	claims := token.ManagementClaims{
		Issuer: room.Issuer, Subject: client.ID, Audience: audience, ClientID: client.ID, Scope: strings.Join(scopes, " "),
		ID: consent.NewID(), IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(managementLife)),
	}
	if jkt != "" {
		claims.Confirmation = &token.Confirmation{JKT: jkt}
	}
	raw, err := room.Signer.MintManagement(claims)
	if err != nil {
		return err
	}
	web.JSON(c, http.StatusOK, tokenResponse{AccessToken: raw, TokenType: claims.Confirmation.TokenType(), ExpiresIn: int(managementLife.Seconds()), Scope: strings.Join(scopes, " ")})
	return nil
}

// audienceOf is what a client's own token with these scopes is for: our endpoints, or
// the data API for a batch. One token is not for both.
func (room *Room) audienceOf(scopes []string) (string, error) {
	if slices.Equal(scopes, []string{token.BatchScope}) {
		return token.BatchAudience(room.Audience), nil
	}
	if len(scopes) == 0 {
		return "", consent.Refuse(consent.InvalidScope, "scope", "missing")
	}
	for _, scope := range scopes {
		if scope != queryScope && scope != revokeScope && scope != eventsScope {
			return "", consent.Refuse(consent.InvalidScope, "scope", "client_credentials is for %s, %s and %s, or for %s alone", queryScope, revokeScope, eventsScope, token.BatchScope)
		}
	}
	return room.grantsURL(), nil
}

func (room *Room) grantsURL() string { return ManagementAudience(room.Issuer) }

// ManagementAudience is `aud` of the tokens with which clients manage their consents.
func ManagementAudience(issuer string) string { return issuer + "/oauth/grants" }

// manager is the client behind a management token with the scope.
func (room *Room) manager(c *gin.Context, scope string) (consent.Client, error) {
	claims, err := room.Managers.VerifyClient(c.Request)
	switch {
	case errors.Is(err, token.ErrProofStore), errors.Is(err, token.ErrKeys):
		return consent.Client{}, err
	case err != nil:
		return consent.Client{}, &consent.Error{Code: consent.InvalidToken, Detail: "a good management token is expected, with a proof of the key it is bound to", Err: err}
	case !claims.Has(scope):
		return consent.Client{}, consent.Refuse(consent.InsufficientScope, "scope", "%s is needed", scope)
	}
	web.Known(c)
	if !room.Rates.Allow(c, claims.Subject) {
		return consent.Client{}, consent.Refuse(consent.TooMany, "", "too many requests of this client; see Retry-After")
	}
	return room.Service.Client(c.Request.Context(), claims.Subject)
}

// ending is a DELETE of something of the client's own: a consent it gives up, a
// request it takes back.
func (room *Room) ending(end func(ctx context.Context, client consent.Client, id string) error) web.Handler {
	return func(c *gin.Context) error {
		client, err := room.manager(c, revokeScope)
		if err != nil {
			return err
		}
		id, err := web.PathID(c, "id")
		if err != nil {
			return err
		}
		if err := end(c.Request.Context(), client, id); err != nil {
			return err
		}
		c.Header("Cache-Control", "no-store")
		c.Status(http.StatusNoContent)
		return nil
	}
}
