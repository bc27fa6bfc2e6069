package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// RightPage is templates/dpo/right.html: one request, what was written about it, and
// the form to write.
type RightPage struct {
	web.Page
	ID           string
	Done         string // what was just done; may be empty
	Problem      string // why nothing was; may be empty
	ProblemField string
	State        Badge
	Facts        []Fact
	Words        string // the citizen's; may be empty
	Messages     []RightMessage
	Open         bool // there is something to write
	Erasable     bool // an erasure may be proposed
	CarryOut     Link // to where a restriction or an objection is accepted, or lifted; may be zero
	Kinds        []RoleChoice
	Templates    []Link
	Translations []TranslatedLink
	Text         string // to begin with, or as it was typed
	TextLang     string
}

// TranslatedLink leads to a template in a language, and is named in it.
type TranslatedLink struct {
	Link
	Lang string
}

// RightMessage is what was written to the citizen.
type RightMessage struct{ Kind, When, Who, Text string }

func (room *Room) right(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	view, err := room.rightView(c, by)
	if err != nil {
		return err
	}
	page := RightPage{}
	draft := room.draftOf(params, view)
	if form, left := kept(c); left {
		draft = draftIn(form)
	}
	page.Text, page.TextLang = draft.text, draft.lang
	return room.rightPage(c, http.StatusOK, by, view, page, draft, params.Get("done"))
}

// rightView is the request of the path.
func (room *Room) rightView(c *gin.Context, by consent.Agent) (consent.RightsView, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return consent.RightsView{}, err
	}
	return room.Service.AnyRight(c.Request.Context(), by, id)
}

// rightPage completes a page that may hold a message to mend.
func (room *Room) rightPage(c *gin.Context, status int, by consent.Agent, view consent.RightsView, page RightPage, d draft, done string) error {
	names, err := room.names(c, by)
	if err != nil {
		return err
	}
	r := view.Request
	page.Page = room.page(c, "dpo.right.title", "Right", room.page(c, "dpo.rights.kind."+r.Asks()).Title)
	page.ID, page.State, page.Words, page.Open = r.ID, room.rightBadge(page.Page, r), r.Message, r.State == consent.RightsOpen
	page.Facts, page.Erasable = rightFacts(page.Page, r, names), page.Open && r.Right == consent.RightErasure
	page.Facts = append(liftFacts(page.Page, view), page.Facts...)
	page.CarryOut = carryOut(page.Page, view)
	for _, m := range view.Messages {
		page.Messages = append(page.Messages, RightMessage{Kind: page.T("dpo.right.kind." + string(m.Kind)), When: page.DateTime(m.At), Who: names[m.Agent], Text: m.Text})
	}
	if key, known := rightDone[done]; known {
		page.Done = page.T(key)
	}
	if page.Open {
		room.offer(&page, r, d)
	}
	return room.Site.Render(c, status, "dpo/right", page)
}

// liftFacts is the restriction that a request speaks of.
func liftFacts(p web.Page, v consent.RightsView) []Fact {
	if v.Lifts.ID == "" {
		return nil
	}
	of := whom(p, v.Lifts.Of, map[consent.Party]consent.Client{v.Lifts.Of: v.Of})
	return []Fact{{Name: p.T("dpo.right.lifts"), Value: p.T("dpo.right.lifts_which", "Whom", of, "Instant", p.DateTime(v.Lifts.SetAt))}}
}

// carryOut leads to the form that does what an open request asks.
func carryOut(p web.Page, v consent.RightsView) Link {
	r, page := v.Request, "/dpo/rights/"+v.Request.ID+"/measures"
	switch {
	case r.State != consent.RightsOpen || !stops(r.Right):
		return Link{}
	case r.Lifts != "":
		return Link{URL: page + "#text-" + r.Lifts, Name: p.T("dpo.right.lift")}
	}
	return Link{URL: page + "#accept", Name: p.T("dpo.right.carry_out")}
}

// rightDone are the texts of what was just done.
var rightDone = map[string]string{"entered": "dpo.right.done_entered", "written": "dpo.right.done_written"}

func rightFacts(p web.Page, r consent.RightsRequest, names map[consent.AgentID]string) []Fact {
	facts := []Fact{{Name: p.T("dpo.right.asked"), Value: p.Date(consent.DateOf(r.AskedAt))}}
	if r.EnteredBy != "" {
		facts = append(facts, Fact{Name: p.T("dpo.right.entered"), Value: names[r.EnteredBy]})
	}
	facts = append(facts, Fact{Name: p.T("dpo.right.due"), Value: p.Date(r.DueOn)})
	if !r.ExtendedAt.IsZero() {
		facts = append(facts, Fact{Name: p.T("dpo.right.extended"), Value: p.DateTime(r.ExtendedAt)})
	}
	if !r.ClosedAt.IsZero() {
		facts = append(facts, Fact{Name: p.T("dpo.right.closed"), Value: p.DateTime(r.ClosedAt)})
	}
	return facts
}
