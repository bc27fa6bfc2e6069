package oauth

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// clientGrant is a consent as its administration reads it.
type clientGrant struct {
	GrantID              string              `json:"grant_id"`
	Status               consent.GrantStatus `json:"status"`
	Scopes               []grantScope        `json:"scopes"`
	AuthorizationDetails []token.Detail      `json:"authorization_details"`
	Subject              string              `json:"sub"`
	CreatedAt            time.Time           `json:"created_at"`
	ExpiresAt            time.Time           `json:"expires_at"`
}

type grantScope struct {
	Scope string `json:"scope"`
}

func (room *Room) showGrant(c *gin.Context) error {
	client, err := room.manager(c, queryScope)
	if err != nil {
		return err
	}
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	g, err := room.Service.ClientGrant(c.Request.Context(), client, id)
	if err != nil {
		return err
	}
	web.JSON(c, http.StatusOK, clientGrant{
		GrantID: g.ID, Status: g.StatusAt(room.Now()).Told(), Scopes: []grantScope{{g.Details.Type}}, AuthorizationDetails: []token.Detail{detail(g.Details)},
		Subject: g.Sub, CreatedAt: g.CreatedAt.Truncate(time.Second), ExpiresAt: g.ExpiresAt,
	})
	return nil
}
