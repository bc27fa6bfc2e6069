package citizen

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// providerSession is how long FranceConnect's own session lasts. Past it, its
// logout ends on an error page instead of coming back.
const providerSession = 30 * time.Minute

// signOut ends our session first, whatever FranceConnect does next. A link from
// another site must not sign anybody out.
func (room *Room) signOut(c *gin.Context) error {
	if c.GetHeader("Sec-Fetch-Site") == "cross-site" {
		return consent.Refuse(consent.CrossOrigin, "", "sign-out asked by another site")
	}
	session := room.Site.Session(c)
	if err := room.Site.SignOut(c); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, room.afterSignOut(c, session))
	return nil
}

func (room *Room) afterSignOut(c *gin.Context, session consent.Session) string {
	const here = "/signed-out"
	if session.IDToken == "" || room.Now().Sub(session.SignedInAt) >= providerSession {
		return here
	}
	address, err := room.FranceConnect.EndSessionURL(c.Request.Context(), session.IDToken, consent.NewID())
	if err != nil {
		_ = c.Error(err)
		return here
	}
	return address
}
