package oauth

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// authorize gives a pushed request to the browser that brings it, and goes on to
// the citizen's pages. Whatever is wrong here is told on a page of ours: the
// only address we could send an error to is in the request we do not have.
func (room *Room) authorize(c *gin.Context) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	client, err := room.Service.Client(c.Request.Context(), params.Get("client_id"))
	if err != nil {
		return err
	}
	secret, ok := strings.CutPrefix(params.Get("request_uri"), requestURIPrefix)
	if !ok {
		return consent.Refuse(consent.InvalidRequest, "request_uri", "a pushed request is required (RFC 9126)")
	}
	session, err := room.Site.EnsureSession(c)
	if err != nil {
		return err
	}
	request, err := room.Service.OpenRequest(c.Request.Context(), client.ID, secret, session.Browser)
	if consent.CodeOf(err) == consent.NotFound {
		return consent.Refuse(consent.InvalidRequest, "request_uri", "unknown")
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/requests/"+request.ID)
	return nil
}
