package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// again leads an agent whose session ended back to where they were, after signing in:
// to a page, or to the page of the form they sent, with what they chose and typed.
// Nothing is sent for them, and nobody else is shown it.
func (room *Room) again(page string, h web.Handler) web.Handler {
	return func(c *gin.Context) error {
		err := h(c)
		if consent.CodeOf(err) == consent.SignInRequired {
			return room.comeBack(c, page, err)
		}
		if err == nil && c.Request.Method == http.MethodPost {
			room.forgetForm(c)
		}
		return err
	}
}

// comeBack keeps what can be kept, and asks to sign in. What nobody can be known to have
// sent is not kept.
func (room *Room) comeBack(c *gin.Context, page string, refusal error) error {
	token, _ := c.Cookie(SessionCookie)
	past, err := room.Sessions.PastAgentSession(c.Request.Context(), token, room.Now())
	if consent.CodeOf(err) == consent.NotFound {
		return refusal
	}
	if err != nil {
		return err
	}
	left, err := web.Unfinished(c, page)
	if err != nil || !left.Fits() {
		return firstOf(err, refusal)
	}
	if past.Draft.Sent && !left.Sent {
		return refusal // a page does not push out a form
	}
	left.At = room.Now().UTC()
	if err := room.Sessions.KeepAgentDraft(c.Request.Context(), token, left); err != nil || !left.Sent {
		return firstOf(err, refusal)
	}
	return consent.Refuse(consent.SessionEnded, "", "the form waits for its agent")
}

// firstOf is the fault, or the refusal when there is none.
func firstOf(fault, refusal error) error {
	if fault != nil {
		return fault
	}
	return refusal
}

// forgetForm ends the wait: the agent has sent a form since. What was asked is done; at
// worst the form shows once more.
func (room *Room) forgetForm(c *gin.Context) {
	if s, ok := session(c); !ok || s.Draft.Page == "" {
		return
	}
	token, _ := c.Cookie(SessionCookie)
	if err := room.Sessions.KeepAgentDraft(c.Request.Context(), token, consent.Draft{}); err != nil {
		_ = c.Error(err)
	}
}

// kept is the form that waits on this page for the agent who sent it; false and no
// parameters when none does.
func kept(c *gin.Context) (web.Params, bool) {
	s, _ := session(c)
	if !web.Waits(c, s.Draft) {
		return web.Params{}, false
	}
	return web.ParamsOf(s.Draft.Form), true
}

// takeOver ends the session that the browser had, if any, and returns the form that
// waits in it for the agent who signs in now.
func (room *Room) takeOver(c *gin.Context, by consent.Agent) (consent.Draft, error) {
	old, _ := c.Cookie(SessionCookie)
	if old == "" {
		return consent.Draft{}, nil
	}
	past, err := room.Sessions.PastAgentSession(c.Request.Context(), old, room.Now())
	if err != nil && consent.CodeOf(err) != consent.NotFound {
		return consent.Draft{}, err
	}
	return past.DraftFor(by.ID), room.Sessions.CloseAgentSession(c.Request.Context(), old)
}
