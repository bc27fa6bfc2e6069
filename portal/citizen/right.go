package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// RightPage is templates/citizen/right.html: one request to the data protection
// officer, and what the officer wrote.
type RightPage struct {
	web.Page
	State    Badge
	Late     string // the last day has passed; empty otherwise
	Facts    []held.Fact
	Words    string // the citizen's own; may be empty
	Messages []RightMessage
	Closed   bool
}

// RightMessage is what the officer wrote.
type RightMessage struct{ Kind, When, Text string }

// showRight is read by being shown: the home page stops saying that something is new.
func (room *Room) showRight(c *gin.Context) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	view, err := room.Service.ReadRight(c.Request.Context(), room.Site.Session(c).Subject, id)
	if err != nil {
		return err
	}
	r := view.Request
	page := RightPage{Page: room.Site.Page(c, "citizen.rights.title"), Words: r.Message, Closed: r.State != consent.RightsOpen}
	page.Title = page.T("citizen.right.title", "Right", page.T("citizen.rights."+r.Asks()))
	page.State, page.Facts = rightBadge(page.Page, r), append(liftFacts(page.Page, view), rightFacts(page.Page, r)...)
	if r.Overdue(room.Now()) {
		page.Late = page.T("citizen.right.late")
	}
	for _, m := range view.Messages {
		page.Messages = append(page.Messages, RightMessage{Kind: page.T("citizen.right.kind." + string(m.Kind)), When: page.DateTime(m.At), Text: m.Text})
	}
	return room.Site.Render(c, http.StatusOK, "citizen/right", page)
}

func rightBadge(p web.Page, r consent.RightsRequest) Badge {
	tone := "info"
	if r.State == consent.RightsAnswered {
		tone = "success"
	}
	return Badge{Text: p.T("citizen.rights.state." + string(r.State)), Tone: tone}
}

// liftFacts is the restriction that a request speaks of.
func liftFacts(p web.Page, v consent.RightsView) []held.Fact {
	if v.Lifts.ID == "" {
		return nil
	}
	return []held.Fact{{Name: p.T("citizen.right.frozen"), Value: whom(p, v.Lifts.Of, map[consent.Party]consent.Client{v.Lifts.Of: v.Of})}}
}

func rightFacts(p web.Page, r consent.RightsRequest) []held.Fact {
	facts := []held.Fact{{Name: p.T("citizen.right.asked"), Value: p.Date(consent.DateOf(r.AskedAt))}}
	if r.EnteredBy != "" {
		facts = append(facts, held.Fact{Name: p.T("citizen.right.entered"), Value: p.T("citizen.right.entered_how")})
	}
	if !r.ExtendedAt.IsZero() {
		facts = append(facts, held.Fact{Name: p.T("citizen.right.extended"), Value: p.Date(consent.DateOf(r.ExtendedAt))})
	}
	if r.State == consent.RightsOpen {
		return append(facts, held.Fact{Name: p.T("citizen.right.due"), Value: p.Date(r.DueOn)})
	}
	return append(facts, held.Fact{Name: p.T("citizen.right.closed"), Value: p.DateTime(r.ClosedAt)})
}
