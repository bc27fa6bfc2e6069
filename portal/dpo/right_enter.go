package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// EnterPage is templates/dpo/enter.html: enters what a person asked by letter.
type EnterPage struct {
	web.Page
	Lookup       string // the search that found the person
	Problem      string // why nothing was entered; may be empty
	ProblemField string
	Choices      []RoleChoice
	ReceivedOn   string
	Max          string // today
	Message      string // as it was typed
}

func (room *Room) askEnterRight(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	form, left := kept(c)
	page := enterTyped(form)
	if !left {
		page.Lookup = params.Get("lookup")
	}
	return room.enterPage(c, http.StatusOK, by, page, consent.Right(form.Get("right")))
}

// enterTyped is the form as it was typed.
func enterTyped(form web.Params) EnterPage {
	return EnterPage{Lookup: form.Get("lookup"), ReceivedOn: form.Get("received_on"), Message: form.Get("message")}
}

// enterPage completes a form on a person whom the agent looked up a moment ago.
func (room *Room) enterPage(c *gin.Context, status int, by consent.Agent, page EnterPage, chosen consent.Right) error {
	if !web.IsID(page.Lookup) {
		return consent.Refuse(consent.NotFound, "", "no search")
	}
	if _, err := room.Service.LookedUp(c.Request.Context(), by, page.Lookup); err != nil {
		return err
	}
	page.Page, page.Max = room.page(c, "dpo.enter.title"), consent.DateOf(room.Now()).String()
	for _, right := range consent.Rights() {
		key := "dpo.rights.kind." + string(right)
		page.Choices = append(page.Choices, RoleChoice{Value: string(right), Name: page.T(key), Checked: right == chosen})
	}
	return room.Site.Render(c, status, "dpo/enter", page)
}

func (room *Room) enterRight(c *gin.Context, by consent.Agent) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	right := consent.Right(form.Get("right"))
	received, err := consent.ParseDate(form.Get("received_on"))
	if err != nil {
		received = consent.Date{} // the use case says what is wrong with it
	}
	page := enterTyped(form)
	r, err := room.Service.EnterRight(c.Request.Context(), by, page.Lookup, right, page.Message, received)
	if code := consent.CodeOf(err); code == consent.InvalidRequest || code == consent.TooMany {
		page.ProblemField, page.Problem = enterProblem(room.page(c, "dpo.enter.title"), err)
		return room.enterPage(c, http.StatusUnprocessableEntity, by, page, right)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/rights/"+r.ID+"?done=entered")
	return nil
}

// enterProblem says what to mend, and where.
func enterProblem(p web.Page, err error) (field, text string) {
	switch consent.FieldOf(err) {
	case "received_on":
		return "received_on", p.T("dpo.enter.problem_date")
	case "message":
		return "message", p.T("dpo.enter.problem_message", "Most", p.Number(consent.MaxRightsMessage))
	case "right":
		return "right", p.T("dpo.enter.problem_right")
	}
	return "right", p.T("dpo.enter.problem_many", "Most", consent.MaxOpenRights)
}
