package citizen

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// WaitingPage is templates/citizen/waiting.html: the requests that wait, page by page.
type WaitingPage struct {
	web.Page
	Waiting        []WaitingItem
	Previous, Next string // addresses; empty at the ends
}

func (room *Room) waiting(c *gin.Context) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	after := params.Get("after")
	if after != "" && !web.IsID(after) {
		return consent.Refuse(consent.InvalidRequest, "after", "not an identifier")
	}
	home, next, err := room.Service.Waiting(c.Request.Context(), room.Site.Session(c).Subject, after)
	if err != nil {
		return err
	}
	page := WaitingPage{Page: room.Site.Page(c, "citizen.waiting.title")}
	page.Waiting = waitingItems(page.Page, home)
	if next != "" {
		page.Next = "/requests?" + url.Values{"after": {next}}.Encode()
	}
	return room.Site.Render(c, http.StatusOK, "citizen/waiting", page)
}
