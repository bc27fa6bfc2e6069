package oauth

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// revoke is RFC 7009. What cannot be revoked because it is dead or unknown is
// answered 200 all the same (section 2.2).
func (room *Room) revoke(c *gin.Context) error {
	client, p, err := room.readPresented(c)
	if err == nil {
		err = client.MayAsk()
	}
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	switch {
	case p.refresh != "":
		err = room.Service.RevokeRefreshToken(ctx, client, p.refresh)
	case !p.dead:
		err = room.Service.RevokeToken(ctx, client, p.claims.GrantID, p.claims.ID)
	}
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	return nil
}
