package web

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// Sessions keeps sessions under tokens only browsers know.
type Sessions interface {
	OpenSession(ctx context.Context, s consent.Session) (token string, err error)
	Session(ctx context.Context, token string, now time.Time) (consent.Session, error)
	RotateSession(ctx context.Context, oldToken string, s consent.Session) (token string, err error)
	CloseSession(ctx context.Context, token string) error
	KeepDraft(ctx context.Context, token string, d consent.Draft) error
	TakeLiveToken(ctx context.Context, token string, now time.Time) (consent.LiveToken, error)
}

const (
	sessionKey = "session"
	// SessionCookie names the browser’s session.
	SessionCookie = "__Host-session"
)

// loadSession finds the browser's session, if it has one that is alive.
func (s *Site) loadSession(c *gin.Context) error {
	token, err := c.Cookie(SessionCookie)
	if err != nil || token == "" {
		return nil
	}
	session, err := s.cfg.Sessions.Session(c.Request.Context(), token, s.cfg.Now())
	if consent.CodeOf(err) == consent.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	c.Set(sessionKey, session)
	return nil
}

// Session is the browser's session; the zero Session when it has none.
func (s *Site) Session(c *gin.Context) consent.Session {
	session, _ := c.Value(sessionKey).(consent.Session)
	return session
}

// EnsureSession opens an anonymous session when the browser has none.
func (s *Site) EnsureSession(c *gin.Context) (consent.Session, error) {
	if session := s.Session(c); session.Browser != "" {
		return session, nil
	}
	now := s.cfg.Now().UTC()
	session := consent.Session{Browser: consent.BrowserID(consent.NewID()), CreatedAt: now, SeenAt: now}
	token, err := s.cfg.Sessions.OpenSession(c.Request.Context(), session)
	if err != nil {
		return consent.Session{}, err
	}
	s.remember(c, token, session)
	return session, nil
}

// SignIn replaces the browser's session by a signed-in one under a new token,
// against session fixation. The browser's name stays: its requests are its own.
func (s *Site) SignIn(c *gin.Context, citizen consent.Citizen, in consent.SignIn) error {
	old, err := s.EnsureSession(c)
	if err != nil {
		return err
	}
	now := s.cfg.Now().UTC()
	session := consent.Session{
		Browser: old.Browser, Subject: citizen.Subject, Handle: consent.NewID(), Device: deviceOf(c.Request.UserAgent()), LastSignIn: citizen.LastSignIn,
		Draft: old.DraftFor(citizen.Subject), ACR: in.ACR, AuthTime: in.AuthTime, SignedInAt: now, IDToken: in.IDToken, Live: in.Live, CreatedAt: now, SeenAt: now,
	}
	oldToken, _ := c.Cookie(SessionCookie)
	token, err := s.cfg.Sessions.RotateSession(c.Request.Context(), oldToken, session)
	if err != nil {
		return err
	}
	session.Live = consent.LiveToken{} // the store has it
	s.remember(c, token, session)
	return nil
}

// TakeLive is the access token of this browser's sign-in while it lives, once; false
// when there is none any more.
func (s *Site) TakeLive(c *gin.Context) (consent.LiveToken, bool, error) {
	token, err := c.Cookie(SessionCookie)
	if err != nil || !s.Session(c).SignedIn() {
		return consent.LiveToken{}, false, nil
	}
	live, err := s.cfg.Sessions.TakeLiveToken(c.Request.Context(), token, s.cfg.Now())
	if consent.CodeOf(err) == consent.NotFound {
		return consent.LiveToken{}, false, nil
	}
	return live, err == nil, err
}

// SignOut ends the browser's session, here and in the database.
func (s *Site) SignOut(c *gin.Context) error {
	token, _ := c.Cookie(SessionCookie)
	if err := s.cfg.Sessions.CloseSession(c.Request.Context(), token); err != nil {
		return err
	}
	SetCookie(c, SessionCookie, "", -1)
	c.Set(sessionKey, consent.Session{})
	return nil
}

// Viewer is who looks, for the domain.
func (s *Site) Viewer(c *gin.Context) consent.Viewer {
	session := s.Session(c)
	return consent.Viewer{Browser: session.Browser, Subject: session.Subject}
}

func (s *Site) remember(c *gin.Context, token string, session consent.Session) {
	SetCookie(c, SessionCookie, token, 0) // until the browser closes; the server decides before
	c.Set(sessionKey, session)
}

// sameOrigin refuses forms sent from another site (Sec-Fetch-Site, Origin).
func (s *Site) sameOrigin(c *gin.Context) error {
	if err := s.origin.Check(c.Request); err != nil {
		return consent.Refuse(consent.CrossOrigin, "", "sent from another site")
	}
	return nil
}
