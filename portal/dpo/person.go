package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// PersonPage is templates/dpo/person.html: who was found, to be held against the
// person's papers, then what may be made for them.
type PersonPage struct {
	web.Page
	ID           string // of the search
	Found        string // how, and until when the page is open
	Identity     held.Item
	Problem      string // why no report was ordered; may be empty
	ProblemField string
	Since, Until string // as they were typed
	Today        string
	Enter        string // where a right they asked for by letter is entered; may be empty
}

func (room *Room) person(c *gin.Context, by consent.Agent) error {
	form, _ := kept(c)
	return room.personPage(c, http.StatusOK, by, PersonPage{Since: form.Get("since"), Until: form.Get("until")})
}

// personPage completes a page that may hold a form to mend.
func (room *Room) personPage(c *gin.Context, status int, by consent.Agent, page PersonPage) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	l, who, err := room.Service.Person(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	page.Page, page.ID, page.Today = room.page(c, "dpo.person.title"), id, consent.DateOf(room.Now()).String()
	page.Found = page.T("dpo.person.found", "How", page.T("dpo.lookups.by."+string(l.By)), "Instant", page.DateTime(l.At.Add(consent.LookupKept)))
	if _, err := by.May(consent.DutyRights); err == nil {
		page.Enter = "/dpo/rights/new?lookup=" + id
	}
	page.Identity = held.Identity(page.Localizer, consent.Holdings{Identity: who})
	page.Identity.Title = page.T("dpo.person.identity") // the words for the citizen say “you”
	return room.Site.Render(c, status, "dpo/person", page)
}

func (room *Room) orderReport(c *gin.Context, by consent.Agent) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	page := PersonPage{Since: form.Get("since"), Until: form.Get("until")}
	since, err := form.Day("since")
	var until consent.Date
	if err == nil {
		until, err = form.Day("until")
	}
	if err == nil {
		_, err = room.Service.OrderReport(c.Request.Context(), by, id, since, until)
	}
	if page.Problem, page.ProblemField = orderProblem(room.page(c, "dpo.person.title"), err); page.Problem != "" {
		return room.personPage(c, http.StatusUnprocessableEntity, by, page)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/reports?done=ordered")
	return nil
}

// orderProblem says what to mend, and where; nothing when it is not the form's fault.
func orderProblem(p web.Page, err error) (problem, field string) {
	switch consent.CodeOf(err) {
	case consent.InvalidEndDate:
		return p.T("dpo.person.problem_date"), consent.FieldOf(err)
	case consent.InvalidRequest:
		return p.T("dpo.person.problem_order"), consent.FieldOf(err)
	case consent.TooMany:
		return p.T("dpo.person.problem_many", "Count", consent.MaxOpenReports), "produce"
	}
	return "", ""
}
