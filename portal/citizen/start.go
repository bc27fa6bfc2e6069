package citizen

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"portail.example/portal/web"
)

// StartPage is templates/citizen/start.html.
type StartPage struct {
	web.Page
	Connect Connect
}

// SignedOutPage is templates/citizen/signed_out.html.
type SignedOutPage struct{ web.Page }

// Connect is the FranceConnect button.
type Connect struct{ URL, Login, What, WhatTitle string }

// connect leads to FranceConnect and back to a request, if there is one.
func connect(p web.Page, requestID string) Connect {
	return Connect{
		URL: signInURL(requestID), Login: p.T("citizen.connect.login"), What: p.T("citizen.connect.what"), WhatTitle: p.T("citizen.connect.what_title"),
	}
}

func signInURL(requestID string) string {
	if requestID == "" {
		return "/sign-in"
	}
	return "/sign-in?" + url.Values{"request": {requestID}}.Encode()
}

func (room *Room) start(c *gin.Context) error {
	if room.Site.Session(c).SignedIn() {
		c.Redirect(http.StatusSeeOther, "/home")
		return nil
	}
	page := room.Site.Page(c, "citizen.start.title")
	return room.Site.Render(c, http.StatusOK, "citizen/start", StartPage{Page: page, Connect: connect(page, "")})
}

func (room *Room) signedOut(c *gin.Context) error {
	return room.Site.Render(c, http.StatusOK, "citizen/signed_out", SignedOutPage{room.Site.Page(c, "citizen.signed_out.title")})
}
