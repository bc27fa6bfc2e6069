package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// RevokePage is templates/dpo/revoke.html: asks before a registration ends.
type RevokePage struct {
	web.Page
	ID   string
	Who  string
	Role string
}

func (room *Room) askRevoke(c *gin.Context, by consent.Agent) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	a, err := room.Service.Agent(c.Request.Context(), by, consent.AgentID(id))
	if err != nil {
		return err
	}
	page := RevokePage{Page: room.page(c, "dpo.revoke.title"), ID: id}
	page.Who, page.Role = page.T("dpo.revoke.who", "Name", a.Name()), page.T("dpo.role."+string(a.Role))
	return room.Site.Render(c, http.StatusOK, "dpo/revoke", page)
}

func (room *Room) revoke(c *gin.Context, by consent.Agent) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if err := room.Service.RevokeAgent(c.Request.Context(), by, consent.AgentID(id)); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/agents?done=revoked")
	return nil
}
