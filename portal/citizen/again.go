package citizen

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// signedIn refuses everybody but a citizen who is signed in.
func (room *Room) signedIn(h web.Handler) web.Handler {
	return func(c *gin.Context) error {
		if !room.Site.Session(c).SignedIn() {
			return consent.Refuse(consent.SignInRequired, "", "no citizen is signed in")
		}
		return h(c)
	}
}

// again leads a citizen whose session ended back to where they were, after signing in:
// to a page of their own, or to the page of the form they sent, with what they ticked
// and typed. Nothing is sent for them.
func (room *Room) again(page string, h web.Handler) web.Handler {
	return func(c *gin.Context) error {
		err := h(c)
		if err == nil && c.Request.Method == http.MethodPost {
			if lost := room.Site.ForgetForm(c); lost != nil {
				_ = c.Error(lost) // what was asked is done; the form would only show once more
			}
			return nil
		}
		if consent.CodeOf(err) != consent.SignInRequired {
			return err
		}
		return room.comeBack(c, page, err)
	}
}

// comeBack keeps what can be kept and asks to sign in.
func (room *Room) comeBack(c *gin.Context, page string, refusal error) error {
	left, err := web.Unfinished(c, page)
	if err != nil {
		return err
	}
	kept, err := room.Site.KeepForm(c, left)
	if err != nil {
		return err
	}
	if kept && left.Sent {
		refusal = consent.Refuse(consent.SessionEnded, "", "the form waits for its citizen")
	}
	id, isRequest := strings.CutPrefix(left.Page, "/requests/")
	if !isRequest {
		id = ""
	}
	room.retry(c, refusal, id)
	return nil
}

// kept is the question's form as it was left; the zero draft when none was.
func (room *Room) kept(c *gin.Context) draft {
	form, left := room.Site.Kept(c)
	if !left {
		return draft{}
	}
	return typed(form)
}
