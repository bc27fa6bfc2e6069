package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// SessionsPage is templates/citizen/sessions.html: where the citizen is signed in.
type SessionsPage struct {
	web.Page
	Done     string // what was just ended; may be empty
	LastTime string // the sign-in before this one
	Here     SessionItem
	Others   []SessionItem
}

// SessionItem is one session as its citizen recognises it.
type SessionItem struct{ Handle, Device, Since, Seen string }

func (room *Room) sessions(c *gin.Context) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	here := room.Site.Session(c)
	all, err := room.Service.Sessions(c.Request.Context(), here.Subject)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.sessions.title")
	out := SessionsPage{Page: page, LastTime: lastTime(page, here), Here: sessionItem(page, here)}
	for _, s := range all {
		if s.Handle != here.Handle {
			out.Others = append(out.Others, sessionItem(page, s))
		}
	}
	switch done := params.Get("done"); {
	case done == "one":
		out.Done = page.T("citizen.sessions.done_one")
	case done == "others" && len(out.Others) == 0:
		out.Done = page.T("citizen.sessions.done_others")
	}
	return room.Site.Render(c, http.StatusOK, "citizen/sessions", out)
}

func sessionItem(p web.Page, s consent.Session) SessionItem {
	return SessionItem{
		Handle: s.Handle, Device: held.Device(p.Localizer, s.Device), Since: p.T("citizen.sessions.since", "Instant", p.DateTime(s.SignedInAt)),
		Seen: p.T("citizen.sessions.seen", "Instant", p.DateTime(s.SeenAt)),
	}
}

// lastTime tells when the citizen signed in before, so that they notice somebody else.
func lastTime(p web.Page, s consent.Session) string {
	if s.LastSignIn.IsZero() {
		return p.T("citizen.sessions.first")
	}
	return p.T("citizen.sessions.last", "Instant", p.DateTime(s.LastSignIn))
}

// endSession signs out elsewhere. The handle travels in the form: no address names a
// session.
func (room *Room) endSession(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if err := room.Service.EndSession(c.Request.Context(), room.Site.Session(c).Subject, form.Get("session")); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/sessions?done=one")
	return nil
}

func (room *Room) endOtherSessions(c *gin.Context) error {
	if _, err := web.Form(c); err != nil {
		return err
	}
	here := room.Site.Session(c)
	if err := room.Service.EndOtherSessions(c.Request.Context(), here.Subject, here.Handle); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/sessions?done=others")
	return nil
}
