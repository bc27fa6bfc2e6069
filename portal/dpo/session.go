package dpo

import (
	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

const (
	sessionKey = "agent session"
	// SessionCookie names an agent's session: a citizen's in the same browser is
	// another cookie, and opens nothing here.
	SessionCookie = "__Host-agent"
	attemptCookie = "__Host-agent-sign-in"
)

// load finds the browser's session, if it has one that is alive.
func (room *Room) load(c *gin.Context) error {
	token, err := c.Cookie(SessionCookie)
	if err != nil || token == "" {
		return nil
	}
	session, err := room.Sessions.AgentSession(c.Request.Context(), token, room.Now())
	if consent.CodeOf(err) == consent.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	c.Set(sessionKey, session)
	return nil
}

// session is the browser's session; false when it has none.
func session(c *gin.Context) (consent.AgentSession, bool) {
	s, ok := c.Value(sessionKey).(consent.AgentSession)
	return s, ok
}

// agent is who is signed in. It fails with SignInRequired.
func agent(c *gin.Context) (consent.Agent, error) {
	s, ok := session(c)
	if !ok {
		return consent.Agent{}, consent.Refuse(consent.SignInRequired, "", "no agent is signed in")
	}
	return s.Agent, nil
}

// work is a page for agents with a duty.
type work func(c *gin.Context, by consent.Agent) error

// on is a page for those whose role has the duty; an agent whose session ended comes
// back to it.
func (room *Room) on(duty consent.Duty, h work) web.Handler { return room.from("", duty, h) }

// from is on for a form's target or a file: page is where it is sent or asked for.
func (room *Room) from(page string, duty consent.Duty, h work) web.Handler {
	return room.again(page, room.duty(duty, h))
}

// duty lets those through whose role has the duty. The use cases ask again, with the
// authority whose data they touch.
func (room *Room) duty(duty consent.Duty, h work) web.Handler {
	return func(c *gin.Context) error {
		by, err := agent(c)
		if err != nil {
			return err
		}
		if _, err := by.May(duty); err != nil {
			return err
		}
		return h(c, by)
	}
}

// page starts a page of this room.
func (room *Room) page(c *gin.Context, titleKey string, args ...any) web.Page {
	p := room.Site.Page(c, titleKey, args...)
	p.Home, p.Tagline = "/dpo", p.T("dpo.tagline")
	_, p.Resumed = kept(c)
	if _, ok := session(c); ok {
		p.Tools = []web.Tool{{URL: "/dpo", Text: p.T("dpo.home.link")}, {URL: "/dpo/sign-out", Text: p.T("layout.sign_out")}}
	}
	return p
}
