// Package gateway is the data API: it checks the consent token and the consent
// behind it, asks API Particulier, and releases the granted data groups and
// nothing else, in API Particulier's own envelope. It stores no value.
package gateway

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// Verifier trusts the consent token of a request, or says why not.
type Verifier interface {
	VerifyRequest(r *http.Request) (token.Claims, error)
}

// Upstream is who holds the data. Its refusals are *consent.ProviderFault.
type Upstream interface {
	Ask(ctx context.Context, q consent.Question) (consent.ProviderAnswer, error)
}

// Clients trusts a client's own token for a batch, or says why not.
type Clients interface {
	VerifyClient(r *http.Request) (token.ManagementClaims, error)
}

// Turn waits until a batch may ask once more on behalf of a recipient. What it returns
// is asked once; done ends the turn, whether it was asked or not.
type Turn func(ctx context.Context, set consent.DataSet, recipient consent.SIRET) (once Upstream, done func(), err error)

// Config of the room.
type Config struct {
	Service  *consent.Service
	Verifier Verifier
	Clients  Clients
	Upstream Upstream
	Turn     Turn
	Logger   *slog.Logger
	Papers
}

// Room is the data API.
type Room struct {
	Config
	batches running
}

// New builds the room.
func New(cfg Config) *Room { return &Room{Config: cfg} }

// Mount adds the endpoints of all data sets.
func (room *Room) Mount(r gin.IRouter) {
	r.GET("/data/v1/:data_set", web.Handle(room.dataSet, room.writeError))
	r.POST("/data/v1/:data_set/batch", web.Handle(room.dated, room.writeError))
}

// named is the data set of the path.
func named(c *gin.Context) (consent.DataSet, error) {
	for _, set := range consent.DataSets() {
		if set.Path == c.Param("data_set") {
			return set, nil
		}
	}
	return consent.DataSet{}, consent.Refuse(consent.NotFound, "", "no data set of this name")
}

// dated is a batch of data that have a month: what has none does not go stale with one.
func (room *Room) dated(c *gin.Context) error {
	set, err := named(c)
	if err == nil && set.Month == "" {
		err = consent.Refuse(consent.NotFound, "", "these data have no month, and no batch")
	}
	if err != nil {
		return err
	}
	return room.batch(c, set)
}

func (room *Room) dataSet(c *gin.Context) error {
	set, err := named(c)
	if err != nil {
		return err
	}
	claims, err := room.bearer(c)
	if err != nil {
		return err
	}
	call, err := room.read(c, claims, set)
	if err != nil {
		return err
	}
	mode, err := wish(c.Request.Header)
	if err != nil {
		return err
	}
	out, err := room.release(c.Request.Context(), room.Upstream, call, mode)
	if err != nil {
		return err
	}
	return room.send(c, out)
}

// bearer is the request's token, verified offline, with its proof when it is
// bound to a key.
func (room *Room) bearer(c *gin.Context) (token.Claims, error) {
	claims, err := room.Verifier.VerifyRequest(c.Request)
	if err != nil {
		return token.Claims{}, &tokenError{err}
	}
	return claims, nil
}
