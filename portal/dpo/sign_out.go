package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// SignedOutPage is templates/dpo/signed_out.html.
type SignedOutPage struct{ web.Page }

// leaveURL ends ProConnect's session also when we have none: somebody refused here
// would otherwise come back at once as the same person, for the same authority.
const leaveURL = "/dpo/sign-out?session=proconnect"

// signOut ends our session first, whatever ProConnect does next. A link from another
// site must not sign anybody out.
func (room *Room) signOut(c *gin.Context) error {
	if c.GetHeader("Sec-Fetch-Site") == "cross-site" {
		return consent.Refuse(consent.CrossOrigin, "", "sign-out asked by another site")
	}
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	known, signedIn := session(c)
	if signedIn {
		token, _ := c.Cookie(SessionCookie)
		if err := room.Sessions.CloseAgentSession(c.Request.Context(), token); err != nil {
			return err
		}
	}
	web.SetCookie(c, SessionCookie, "", -1)
	target := "/dpo/signed-out"
	if signedIn || params.Get("session") == "proconnect" {
		target = room.endSession(c, known.IDToken, target)
	}
	c.Redirect(http.StatusSeeOther, target)
	return nil
}

// endSession is where ProConnect's session ends; here when it does not answer.
func (room *Room) endSession(c *gin.Context, idToken, here string) string {
	address, err := room.ProConnect.EndSessionURL(c.Request.Context(), idToken, consent.NewID())
	if err != nil {
		_ = c.Error(err)
		return here
	}
	return address
}

func (room *Room) signedOut(c *gin.Context) error {
	return room.Site.Render(c, http.StatusOK, "dpo/signed_out", SignedOutPage{room.page(c, "dpo.signed_out.title")})
}
