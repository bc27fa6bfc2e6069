package citizen

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// RightsPage is templates/citizen/rights.html: what may be asked of the data
// protection officer, what the law keeps, and what was asked.
type RightsPage struct {
	web.Page
	Problem      string // why nothing was sent; may be empty
	ProblemField string
	Message      string // as it was typed
	Choices      []RightChoice
	Law          []held.Fact
	Asked        []AskedRight
}

// RightChoice is one right that may be asked for.
type RightChoice struct {
	Value, Name, Explain string
	Checked              bool
}

// AskedRight is a request that was sent.
type AskedRight struct {
	ID, Name, When, Due string
	State               Badge
	Unread              bool // the officer wrote since it was read
}

func (room *Room) showRights(c *gin.Context) error {
	form, kept := room.Site.Kept(c)
	right := form.Get("right")
	if !kept {
		right = c.Query("right")
	}
	return room.rightsPage(c, http.StatusOK, RightsPage{Message: form.Get("message")}, consent.Right(right))
}

func (room *Room) askRight(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	session := room.Site.Session(c)
	right := consent.Right(form.Get("right"))
	_, err = room.Service.AskRight(c.Request.Context(), session.Subject, right, form.Get("message"))
	page := RightsPage{Message: form.Get("message")}
	if page.Problem, page.ProblemField = problemOf(room.Site.Page(c, "citizen.rights.title"), err); page.Problem != "" {
		return room.rightsPage(c, http.StatusUnprocessableEntity, page, right)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/my-data/ask")
	return nil
}

// problemOf says what to mend, and where; nothing when it is not the form's fault.
func problemOf(p web.Page, err error) (problem, field string) {
	switch code := consent.CodeOf(err); {
	case code == consent.TooMany:
		return p.T("citizen.rights.problem_many", "Count", consent.MaxOpenRights), "right"
	case code == consent.InvalidRequest && consent.FieldOf(err) == "message":
		return p.T("citizen.rights.problem_message", "Count", consent.MaxRightsMessage), "message"
	case code == consent.InvalidRequest:
		return p.T("citizen.rights.problem_right"), "right"
	}
	return "", ""
}

// rightsPage completes a page that may hold a form to mend.
func (room *Room) rightsPage(c *gin.Context, status int, page RightsPage, chosen consent.Right) error {
	asked, err := room.Service.RightsRequests(c.Request.Context(), room.Site.Session(c).Subject)
	if err != nil {
		return err
	}
	unread, err := room.Service.UnreadRights(c.Request.Context(), room.Site.Session(c).Subject)
	if err != nil {
		return err
	}
	page.Page = room.Site.Page(c, "citizen.rights.title")
	for _, right := range consent.Rights() {
		key := "citizen.rights." + string(right)
		page.Choices = append(page.Choices, RightChoice{Value: string(right), Name: page.T(key), Explain: page.T(key + "_explain"), Checked: right == chosen})
	}
	page.Law = []held.Fact{
		{Name: page.T("citizen.rights.law_answers"), Value: page.T("citizen.rights.law_answers_why")},
		{Name: page.T("citizen.rights.law_consultations"), Value: page.T("citizen.rights.law_consultations_why")},
	}
	for _, r := range asked {
		item := askedRight(page.Page, r)
		item.Unread = slices.ContainsFunc(unread, func(u consent.RightsRequest) bool { return u.ID == r.ID })
		page.Asked = append(page.Asked, item)
	}
	return room.Site.Render(c, status, "citizen/rights", page)
}

func askedRight(p web.Page, r consent.RightsRequest) AskedRight {
	return AskedRight{
		ID: r.ID, Name: p.T("citizen.rights." + r.Asks()), State: rightBadge(p, r),
		When: p.T("citizen.rights.asked_on", "Date", p.Date(consent.DateOf(r.AskedAt))), Due: p.T("citizen.rights.due_on", "Date", p.Date(r.DueOn)),
	}
}
