package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// KeepForm keeps a form for the page it is on, until its citizen signs in again; false
// when it cannot, because nobody can tell whose it is or it is too long. A page that was
// only asked for is kept as the place to come back to, unless a form waits already.
func (s *Site) KeepForm(c *gin.Context, d consent.Draft) (bool, error) {
	session := s.Session(c)
	if session.Was == "" || len(d.Form.Encode()) > consent.MaxDraft {
		return false, nil
	}
	if session.Draft.Sent && !d.Sent {
		return true, nil
	}
	d.At = s.cfg.Now().UTC()
	return true, s.keepDraft(c, d)
}

// Kept is the form that waits on this page for the citizen who sent it.
func (s *Site) Kept(c *gin.Context) (Params, bool) {
	session := s.Session(c)
	kept := session.SignedIn() && session.Draft.Sent && c.Request.Method == http.MethodGet && session.Draft.Page == c.Request.URL.EscapedPath()
	if !kept {
		return Params{}, false
	}
	return Params{session.Draft.Form}, true
}

// ForgetForm ends the wait: the citizen has sent a form since.
func (s *Site) ForgetForm(c *gin.Context) error {
	if session := s.Session(c); !session.SignedIn() || session.Draft.Page == "" {
		return nil
	}
	return s.keepDraft(c, consent.Draft{})
}

func (s *Site) keepDraft(c *gin.Context, d consent.Draft) error {
	token, err := c.Cookie(SessionCookie)
	if err != nil {
		return err
	}
	return s.cfg.Sessions.KeepDraft(c.Request.Context(), token, d)
}
