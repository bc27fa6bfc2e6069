package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// decide records the answer of the consent screen. A second press of the button
// finds the request closed and shows the first answer.
func (room *Room) decide(c *gin.Context) error {
	form, err := web.Form(c, "datatypes")
	if err != nil {
		return err
	}
	r, who, err := room.request(c)
	if err != nil {
		return err
	}
	if r.Answerable(room.Now()) != nil { // a second press, or too late
		return room.conclude(c, r, who, draft{}, nil)
	}
	room.Site.Prefer(c, r.Language)
	d := typed(form)
	return room.conclude(c, r, who, d, room.answer(c, r, who, form, d))
}

// typed is the form as it was filled in.
func typed(form web.Params) draft {
	d := draft{typed: true, watch: form.Get("watch") == "yes", until: form.Get("until"), endsOn: form.Get("ends_on")}
	for _, g := range form.All("datatypes") {
		d.groups = append(d.groups, consent.DataGroup(g))
	}
	return d
}

// answer asks the domain to record the choice.
func (room *Room) answer(c *gin.Context, r consent.Request, who asker, form web.Params, d draft) error {
	decision := form.Get("decision")
	if decision != "allow" && decision != "refuse" {
		return consent.Refuse(consent.InvalidRequest, "decision", "allow or refuse")
	}
	page := room.Site.Page(c, "citizen.request.title")
	shown := wordsOf(page, r, who).statement(page, r)
	if form.Get("shown") != nameOf(shown) {
		return consent.Refuse(consent.InvalidRequest, "shown", "not the text of this request as it is now")
	}
	answer := room.answerOf(c, r, shown)
	answer.Allow, answer.Groups, answer.Confirmed = decision == "allow", d.groups, form.Get("confirmed") == "yes"
	if answer.Allow {
		answer.Unwatched = r.Details.Watch && !d.watch
		answer.Statement = wordsOf(page, r, who).answered(shown, answer)
		if err := d.setEnd(&answer, r, who); err != nil {
			return err
		}
	}
	_, err := room.Service.Decide(c.Request.Context(), answer)
	return err
}

// answerOf is a refusal as evidence; answer makes a consent of it.
func (room *Room) answerOf(c *gin.Context, r consent.Request, shown consent.Statement) consent.Answer {
	session := room.Site.Session(c)
	return consent.Answer{
		RequestID: r.ID, Viewer: room.Site.Viewer(c), Statement: shown, ACR: session.ACR, AuthTime: session.AuthTime,
	}
}

// conclude shows the form again for what the citizen can mend, and the done
// page otherwise: a form is always answered on our own site.
func (room *Room) conclude(c *gin.Context, r consent.Request, who asker, d draft, err error) error {
	switch consent.CodeOf(err) {
	case consent.NothingChosen, consent.InvalidEndDate, consent.InvalidRequest:
		_ = c.Error(err)
		return room.showForm(c, http.StatusUnprocessableEntity, r, who, d, err)
	case consent.RequestClosed, consent.RequestOverdue:
		err = nil
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/requests/"+r.ID+"/done")
	return nil
}

// decline refuses before signing in.
func (room *Room) decline(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	r, who, err := room.request(c)
	if err != nil {
		return err
	}
	room.Site.Prefer(c, r.Language)
	page := room.Site.Page(c, "citizen.arrival.title")
	shown := wordsOf(page, r, who).arrivalStatement(page, r)
	if r.Answerable(room.Now()) == nil && form.Get("shown") != nameOf(shown) {
		c.Redirect(http.StatusSeeOther, "/requests/"+r.ID) // to read it as it is now
		return nil
	}
	_, err = room.Service.Decide(c.Request.Context(), room.answerOf(c, r, shown))
	return room.conclude(c, r, who, draft{}, err)
}
