package citizen

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// DonePage is templates/citizen/done.html: what was decided, and the way back.
type DonePage struct {
	web.Page
	RequestID, Client, Sentence string
	Lines                       []string
	Filed                       bool   // the administration learns of it without the browser
	Receipt                     string // the proof of the answer; empty when nobody who signed in gave one
	Change                      string // how to change one's mind; empty when there is nothing to change
}

func (room *Room) done(c *gin.Context) error {
	r, who, err := room.request(c)
	if err != nil {
		return err
	}
	room.Site.Prefer(c, r.Language)
	status := r.StatusAt(room.Now())
	if status == consent.RequestPending || status == consent.RequestIdentified {
		c.Redirect(http.StatusSeeOther, "/requests/"+r.ID)
		return nil
	}
	if status == consent.RequestGranted {
		return room.showGranted(c, r, who)
	}
	key := "citizen.done.refused"
	switch status {
	case consent.RequestExpired:
		key = "citizen.done.expired"
	case consent.RequestCancelled:
		key = "citizen.done.cancelled"
	}
	receipt, err := room.Service.ReceiptID(c.Request.Context(), room.Site.Session(c).Subject, r.ID)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, key)
	lines, err := room.unanswered(c, page, r)
	if err != nil {
		return err
	}
	return room.Site.Render(c, http.StatusOK, "citizen/done", DonePage{
		Page: page, RequestID: r.ID, Client: who.LegalName, Filed: r.Filed, Sentence: page.T(key+"_sentence", "Client", who.LegalName),
		Lines: lines, Receipt: receipt,
	})
}

// unanswered says how to go on without sharing, and why a question was not put: what
// the browser brought is closed by nobody else.
func (room *Room) unanswered(c *gin.Context, page web.Page, r consent.Request) ([]string, error) {
	lines := []string{page.T("purpose." + r.Details.Purpose + ".without")}
	if r.Status != consent.RequestCancelled {
		return lines, nil
	}
	kept, err := room.keptFromAsking(c, r.Details.Recipient)
	switch {
	case err != nil:
		return nil, err
	case kept:
		lines = append([]string{page.T("citizen.done.stopped")}, lines...)
	case !r.Filed:
		lines = append([]string{page.T("citizen.done.asked_often")}, lines...)
	}
	return lines, nil
}

func (room *Room) showGranted(c *gin.Context, r consent.Request, who asker) error {
	g, err := room.Service.GrantOf(c.Request.Context(), r.Subject, r.GrantID)
	if err != nil {
		return err
	}
	receipt, err := room.Service.ReceiptID(c.Request.Context(), r.Subject, r.ID)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.done.granted")
	return room.Site.Render(c, http.StatusOK, "citizen/done", DonePage{
		Page: page, RequestID: r.ID, Client: who.LegalName, Filed: r.Filed,
		Sentence: page.T("citizen.done.granted_sentence", "Client", who.LegalName, "Data", asked(page, g.Details.Groups)),
		Lines:    []string{held.Duration(page.Localizer, g.Details)},
		Change:   page.T("citizen.done.granted_change"), Receipt: receipt,
	})
}

// giveBack sends the browser to the administration with the answer (RFC 6749
// section 4.1.2, RFC 9207). The code is made now: it lives one minute.
func (room *Room) giveBack(c *gin.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	answer, err := room.Service.Respond(c.Request.Context(), id, room.Site.Viewer(c))
	if consent.CodeOf(err) == consent.SignInRequired { // not answered yet
		c.Redirect(http.StatusSeeOther, "/requests/"+id)
		return nil
	}
	if err != nil {
		return err
	}
	target, err := room.responseURL(answer)
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, target)
	return nil
}

// responseURL adds the answer to the registered address, which may have a query
// of its own.
func (room *Room) responseURL(answer consent.Response) (string, error) {
	u, err := url.Parse(answer.RedirectURI)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("iss", room.Issuer)
	if answer.State != "" {
		q.Set("state", answer.State)
	}
	if answer.Denied {
		q.Set("error", "access_denied")
		q.Set("error_description", answer.Detail)
	} else {
		q.Set("code", answer.Code)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
