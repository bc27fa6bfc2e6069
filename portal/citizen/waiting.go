package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/portal/web"
)

// WaitingPage is templates/citizen/waiting.html.
type WaitingPage struct {
	web.Page
	Waiting []WaitingItem
}

func (room *Room) waiting(c *gin.Context) error {
	session := room.Site.Session(c)
	home, err := room.Service.Waiting(c.Request.Context(), session.Subject)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.waiting.title")
	return room.Site.Render(c, http.StatusOK, "citizen/waiting", WaitingPage{Page: page, Waiting: waitingItems(page, home)})
}
