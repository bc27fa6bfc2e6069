package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// Unfinished is what can be kept of a request that came after the session had ended: the
// form that was sent, for the page it is on, or the page that was asked for. The page is
// the address itself, unless another is named.
func Unfinished(c *gin.Context, page string) (d consent.Draft, err error) {
	d.Page, d.Sent = c.Request.URL.EscapedPath(), c.Request.Method == http.MethodPost
	if page != "" {
		d.Page = strings.ReplaceAll(page, ":id", url.PathEscape(c.Param("id")))
	}
	if d.Sent {
		d.Form, err = AnyForm(c)
	}
	return d, err
}

// Waits reports whether the form waits on the page that is asked for.
func Waits(c *gin.Context, d consent.Draft) bool {
	return d.Sent && c.Request.Method == http.MethodGet && d.Page == c.Request.URL.EscapedPath()
}

// KeepForm keeps a form for the page it is on, until its citizen signs in again; false
// when it cannot, because nobody can tell whose it is or it is too long. A page that was
// only asked for is kept as the place to come back to, unless a form waits already.
func (s *Site) KeepForm(c *gin.Context, d consent.Draft) (bool, error) {
	session := s.Session(c)
	if session.Was == "" || !d.Fits() {
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
	if !session.SignedIn() || !Waits(c, session.Draft) {
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
