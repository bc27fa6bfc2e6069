package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// signIn sends the browser to ProConnect. What must come back unchanged is stored
// first, bound to this browser by a secret of its own.
func (room *Room) signIn(c *gin.Context) error {
	attempt, address, err := room.ProConnect.Begin(c.Request.Context())
	if err != nil {
		return err
	}
	browser, hash := consent.NewSecret()
	attempt.Browser, attempt.ExpiresAt = hash, room.Now().Add(consent.SignInLifetime)
	if err := room.Sessions.SaveAgentAttempt(c.Request.Context(), attempt); err != nil {
		return err
	}
	web.SetCookie(c, attemptCookie, browser, int(consent.SignInLifetime.Seconds()))
	c.Redirect(http.StatusSeeOther, address)
	return nil
}

// callback is where ProConnect sends the browser back. The attempt is used up before
// anything else is believed, errors included.
func (room *Room) callback(c *gin.Context) error {
	attempt, err := room.takeAttempt(c)
	if err != nil {
		return err
	}
	in, err := room.ProConnect.Complete(c.Request.Context(), attempt, c.Request.URL.Query())
	if err != nil {
		return err
	}
	by, err := room.Service.SignInAgent(c.Request.Context(), in)
	if err != nil {
		return err
	}
	page, err := room.enter(c, by, in)
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, page)
	return nil
}

// takeAttempt refuses a state that is unknown, used, late, or another browser's:
// somebody else's answer brought here would sign this agent in as them.
func (room *Room) takeAttempt(c *gin.Context) (consent.AgentAttempt, error) {
	params, err := web.Query(c)
	if err != nil {
		return consent.AgentAttempt{}, err
	}
	browser, _ := c.Cookie(attemptCookie)
	web.SetCookie(c, attemptCookie, "", -1)
	attempt, err := room.Sessions.TakeAgentAttempt(c.Request.Context(), params.Get("state"), room.Now())
	if consent.CodeOf(err) == consent.NotFound {
		return consent.AgentAttempt{}, consent.Refuse(consent.SignInFailed, "state", "unknown, used or late")
	}
	if err != nil {
		return consent.AgentAttempt{}, err
	}
	if attempt.Browser != consent.HashOf(browser) {
		return consent.AgentAttempt{}, consent.Refuse(consent.SignInFailed, "state", "of another browser")
	}
	return attempt, nil
}

// enter opens a session under a new token, and returns the page to begin with; the
// session before, if any, is over.
func (room *Room) enter(c *gin.Context, by consent.Agent, in consent.AgentSignIn) (page string, err error) {
	left, err := room.takeOver(c, by)
	if err != nil {
		return "", err
	}
	now := room.Now().UTC()
	token, err := room.Sessions.OpenAgentSession(c.Request.Context(), consent.AgentSession{Agent: by, IDToken: in.IDToken, Draft: left, CreatedAt: now, SeenAt: now})
	if err != nil {
		return "", err
	}
	web.SetCookie(c, SessionCookie, token, 0) // until the browser closes; the server decides before
	if left.Page != "" {
		return left.Page, nil
	}
	return "/dpo", nil
}
