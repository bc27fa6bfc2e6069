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
// management and events only: no data is ever a client's own.
func (room *Room) clientToken(c *gin.Context, form web.Params, client consent.Client, jkt string) error {
	if err := client.Bound(jkt); err != nil {
		return err
	}
	scopes := strings.Fields(form.Get("scope"))
	for _, scope := range scopes {
		if scope != queryScope && scope != revokeScope && scope != eventsScope {
			return consent.Refuse(consent.InvalidScope, "scope", "client_credentials is for %s, %s and %s", queryScope, revokeScope, eventsScope)
		}
	}
	if len(scopes) == 0 {
		return consent.Refuse(consent.InvalidScope, "scope", "missing")
	}
	now := room.Now()
	claims := token.ManagementClaims{
		Issuer: room.Issuer, Subject: client.ID, Audience: room.grantsURL(), ClientID: client.ID, Scope: strings.Join(scopes, " "),
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

func (room *Room) grantsURL() string { return room.Issuer + "/oauth/grants" }

// manager is the client behind a management token with the scope.
func (room *Room) manager(c *gin.Context, scope string) (consent.Client, error) {
	sent, err := token.Present(c.Request)
	if err != nil {
		return consent.Client{}, &consent.Error{Code: consent.InvalidToken, Detail: "a management token is expected", Err: err}
	}
	var claims struct {
		jwt.RegisteredClaims
		Scope        string              `json:"scope"`
		Confirmation *token.Confirmation `json:"cnf"`
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{token.Algorithm}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithStrictDecoding(),
		jwt.WithIssuer(room.Issuer), jwt.WithAudience(room.grantsURL()), jwt.WithTimeFunc(room.Now),
	)
	parsed, err := parser.ParseWithClaims(sent.Token, &claims, room.ownKey(c))
	if err != nil || parsed.Header["typ"] != token.Type || parsed.Header["crit"] != nil {
		return consent.Client{}, &consent.Error{Code: consent.InvalidToken, Detail: "the management token is not good", Err: err}
	}
	if err := room.holds(c, sent, claims.Confirmation); errors.Is(err, token.ErrProofStore) {
		return consent.Client{}, err
	} else if err != nil {
		return consent.Client{}, &consent.Error{Code: consent.InvalidToken, Detail: "the management token is bound to a key that was not proved", Err: err}
	}
	if !slices.Contains(strings.Fields(claims.Scope), scope) {
		return consent.Client{}, consent.Refuse(consent.InsufficientScope, "scope", "%s is needed", scope)
	}
	if !room.Rates.Allow(c, claims.Subject) {
		return consent.Client{}, consent.Refuse(consent.TooMany, "", "too many requests of this client; see Retry-After")
	}
	return room.Service.Client(c.Request.Context(), claims.Subject)
}

// holds checks that the sender holds the key a management token is bound to.
func (room *Room) holds(c *gin.Context, sent token.Presented, bound *token.Confirmation) error {
	switch {
	case bound == nil && sent.Proof == "":
		return nil
	case bound == nil:
		return token.ErrWrongScheme
	case sent.Proof == "":
		return token.ErrProofRequired
	}
	jkt, err := room.Proofs.Verify(c.Request.Context(), sent.Proof, c.Request.Method, c.Request.URL.EscapedPath(), sent.Token)
	if err == nil && jkt != bound.JKT {
		err = token.ErrProofKey
	}
	return err
}

// ownKey finds our public key by the token's kid.
func (room *Room) ownKey(c *gin.Context) jwt.Keyfunc {
	return func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		return room.Keys.Key(c.Request.Context(), kid)
	}
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
