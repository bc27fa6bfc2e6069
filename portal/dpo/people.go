package dpo

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// PeoplePage is templates/dpo/people.html: the search for a person. What is typed goes
// in the body of a form, never into an address, and comes back only to be mended.
type PeoplePage struct {
	web.Page
	Problem      string // why nobody is shown; may be empty
	ProblemField string
	// As they were typed.
	Number, FamilyName, GivenName, Birthdate, Birthplace, Reason string
	MaxReason                                                    int // in characters
}

// mountPeople adds the search for a person and the reports on them.
func (room *Room) mountPeople(r gin.IRouter) {
	room.get(r, "/dpo/people", room.on(consent.DutySubjects, room.search))
	room.post(r, "/dpo/people", room.duty(consent.DutySubjects, room.find)) // what is typed is kept nowhere, not even for the agent
	room.get(r, "/dpo/people/:id", room.on(consent.DutySubjects, room.person))
	room.post(r, "/dpo/people/:id", room.on(consent.DutySubjects, room.orderReport))
	room.get(r, "/dpo/reports", room.on(consent.DutySubjects, room.reports))
	room.get(r, "/dpo/reports/:id/file", room.from("/dpo/reports", consent.DutySubjects, room.reportFile))
}

func (room *Room) searchPage(c *gin.Context) PeoplePage {
	return PeoplePage{Page: room.page(c, "dpo.people.title"), MaxReason: consent.MaxReason}
}

func (room *Room) search(c *gin.Context, _ consent.Agent) error {
	return room.Site.Render(c, http.StatusOK, "dpo/people", room.searchPage(c))
}

// find leads to the person's page under the search's number, which says nothing of
// them.
func (room *Room) find(c *gin.Context, by consent.Agent) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	typed := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	wanted := consent.PersonSearch{
		Number: typed("number"), FamilyName: typed("family_name"), GivenName: typed("given_name"), Birthdate: typed("birthdate"), Birthplace: typed("birthplace"),
	}
	l, err := room.Service.FindPerson(c.Request.Context(), by, wanted, form.Get("reason"))
	page := room.searchPage(c)
	if page.Problem, page.ProblemField = searchProblem(page.Page, wanted, err); page.Problem != "" {
		page.Number, page.FamilyName, page.GivenName = wanted.Number, wanted.FamilyName, wanted.GivenName
		page.Birthdate, page.Birthplace, page.Reason = wanted.Birthdate, wanted.Birthplace, form.Get("reason")
		return room.Site.Render(c, http.StatusUnprocessableEntity, "dpo/people", page)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/people/"+l.ID)
	return nil
}

// searchProblem says what to mend, and where; nothing when it is not the form's fault.
func searchProblem(p web.Page, wanted consent.PersonSearch, err error) (problem, field string) {
	switch code := consent.CodeOf(err); {
	case code == consent.NotFound && wanted.Number != "":
		return p.T("dpo.people.problem_number"), "number"
	case code == consent.NotFound:
		return p.T("dpo.people.problem_nobody"), "family_name"
	case code == consent.Namesakes:
		return p.T("dpo.people.problem_namesakes"), "given_name"
	case code != consent.InvalidRequest:
		return "", ""
	}
	switch field = consent.FieldOf(err); {
	case field == "reason":
		problem = p.T("dpo.people.problem_reason", "Min", consent.MinReason, "Max", consent.MaxReason)
	case field == "family_name":
		problem = p.T("dpo.people.problem_name")
	case wanted.Birthdate == "":
		problem = p.T("dpo.people.problem_birthdate")
	default:
		problem = p.T("dpo.people.problem_date")
	}
	return problem, field
}
