package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// NoticeLinkPage is templates/citizen/notice_link.html: the pages behind the links
// in our mails. They work without signing in, and opening one changes nothing: mail
// scanners open links too.
type NoticeLinkPage struct {
	web.Page
	Text   string
	Action string // where the button leads; empty once it was pressed
	Button string
}

func (room *Room) askVerify(c *gin.Context) error {
	return room.askLink(c, "/notices/verify", "citizen.notice_link.verify", "citizen.notice_link.verify_text", "citizen.notice_link.verify_button")
}

func (room *Room) askUnsubscribe(c *gin.Context) error {
	return room.askLink(c, "/notices/unsubscribe", "citizen.notice_link.stop", "citizen.notice_link.stop_text", "citizen.notice_link.stop_button")
}

func (room *Room) askLink(c *gin.Context, path, title, text, button string) error {
	token, err := linkToken(c)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, title)
	return room.Site.Render(c, http.StatusOK, "citizen/notice_link", NoticeLinkPage{Page: page, Text: page.T(text), Action: path + "?token=" + token, Button: page.T(button)})
}

// linkToken is the secret of the link: in the address, since the body of a one-click
// request is not ours (RFC 8058 section 3.1).
func linkToken(c *gin.Context) (string, error) {
	params, err := web.Query(c)
	if err != nil {
		return "", err
	}
	token := params.Get("token")
	if !web.IsID(token) {
		return "", consent.Refuse(consent.NotFound, "token", "this link is not whole")
	}
	return token, nil
}

func (room *Room) verify(c *gin.Context) error {
	token, err := linkToken(c)
	if err != nil {
		return err
	}
	err = room.Service.VerifyAddress(c.Request.Context(), token)
	if consent.CodeOf(err) == consent.NotFound {
		page := room.Site.Page(c, "citizen.notice_link.stale")
		return room.Site.Render(c, http.StatusNotFound, "citizen/notice_link", NoticeLinkPage{Page: page, Text: page.T("citizen.notice_link.stale_text")})
	}
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.notice_link.verified")
	return room.Site.Render(c, http.StatusOK, "citizen/notice_link", NoticeLinkPage{Page: page, Text: page.T("citizen.notice_link.verified_text")})
}

// unsubscribe answers alike whether the address was there or gone: the link's reader
// has what they want, and others learn nothing.
func (room *Room) unsubscribe(c *gin.Context) error {
	token, err := linkToken(c)
	if err != nil {
		return err
	}
	if err := room.Service.Unsubscribe(c.Request.Context(), token); err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.notice_link.stopped")
	return room.Site.Render(c, http.StatusOK, "citizen/notice_link", NoticeLinkPage{Page: page, Text: page.T("citizen.notice_link.stopped_text")})
}
