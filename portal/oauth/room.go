// Package oauth is what administrations' OAuth clients speak to: metadata (RFC
// 8414), keys (RFC 7517), pushed requests (RFC 9126), authorize, token (RFC
// 6749), revocation (RFC 7009), introspection (RFC 7662, 9701), grants, filed requests, events (RFC
// 8936), status lists. Rules are package consent's; this room authenticates
// clients, reads parameters and writes the standards' answers.
package oauth

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// Store is what this room remembers beyond the domain.
type Store interface {
	// UseAssertion fails with InvalidClient when the jti was seen before.
	UseAssertion(ctx context.Context, clientID, jti string, expires time.Time) error
	// RevokedPlaces are the dead places of a status list.
	RevokedPlaces(ctx context.Context, list int64) ([]int, error)
}

// Signer signs what was recorded.
type Signer interface {
	Mint(token.Claims) (string, error)
	MintStatusList(token.StatusListClaims) (string, error)
	MintIntrospection(token.IntrospectionClaims) (string, error)
	MintManagement(token.ManagementClaims) (string, error)
	JWKS() []byte
}

// Managers trusts a client's own token for ManagementAudience, or says why not.
type Managers interface {
	VerifyClient(r *http.Request) (token.ManagementClaims, error)
}

// Config of the room.
type Config struct {
	Service  *consent.Service
	Site     *web.Site
	Store    Store
	Signer   Signer
	Verifier Verifier
	Managers Managers
	Proofs   Proofs
	Events   Events
	Screens  Screens
	Rates    Rates
	Issuer   string
	Audience string // of consent tokens: the data API
	Now      func() time.Time
}

// Rates counts what one client asks, and tells it in headers.
type Rates interface {
	Allow(c *gin.Context, caller string) bool
}

// Room is the OAuth endpoints.
type Room struct {
	Config
	lists *listCache
}

// New builds the room.
func New(cfg Config) *Room { return &Room{Config: cfg, lists: newListCache()} }

// Mount adds the endpoints. Only authorize is for people.
func (room *Room) Mount(r gin.IRouter) {
	endpoint := func(method, path string, h web.Handler) { r.Handle(method, path, web.Handle(h, writeError)) }
	endpoint(http.MethodGet, "/.well-known/oauth-authorization-server", room.metadata)
	endpoint(http.MethodGet, "/oauth/jwks", room.jwks)
	endpoint(http.MethodPost, "/oauth/par", room.par)
	endpoint(http.MethodPost, "/oauth/token", room.token)
	endpoint(http.MethodPost, "/oauth/revoke", room.revoke)
	endpoint(http.MethodPost, "/oauth/introspect", room.introspect)
	endpoint(http.MethodPost, "/oauth/consent-requests", room.fileRequest)
	endpoint(http.MethodDelete, "/oauth/consent-requests/:id", room.ending(room.Service.CancelRequest))
	endpoint(http.MethodGet, "/oauth/grants/:id", room.showGrant)
	endpoint(http.MethodDelete, "/oauth/grants/:id", room.ending(room.Service.RelinquishGrant))
	endpoint(http.MethodPost, "/oauth/events", room.events)
	endpoint(http.MethodGet, "/oauth/status-lists/:id", room.statusList)
	room.Site.Get(r, "/oauth/authorize", room.authorize)
}
