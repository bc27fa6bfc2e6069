package dpo

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// rightsAtOnce is how many requests a page of the queue shows.
const rightsAtOnce = 25

// soonDue is how many days before its last day a request is told apart.
const soonDue = 7

// RightsPage is templates/dpo/rights.html: what citizens asked of the officer, by the
// days left to answer.
type RightsPage struct {
	web.Page
	States []Link
	Empty  string // why there is nothing; empty when there is something
	Rights []RightItem
	Next   string // address of the following ones; empty at the end
}

// Link is one of several pages that belong together.
type Link struct {
	URL, Name string
	Current   bool
}

// RightItem is one request in a list. It says what was asked and not by whom.
type RightItem struct {
	ID, Name, Asked, Due string
	State                Badge
}

// mountRights adds the pages on what citizens ask of the officer.
func (room *Room) mountRights(r gin.IRouter) {
	on := func(h work) web.Handler { return room.on(consent.DutyRights, h) }
	from := func(page string, h work) web.Handler { return room.from(page, consent.DutyRights, h) }
	room.get(r, "/dpo/rights", on(room.rights))
	room.get(r, "/dpo/rights/new", on(room.askEnterRight))
	room.post(r, "/dpo/rights/new", on(room.enterRight))
	room.get(r, "/dpo/rights/register.csv", from("/dpo/rights", room.rightsCSV))
	room.get(r, "/dpo/rights/register.json", from("/dpo/rights", room.rightsJSON))
	room.get(r, "/dpo/rights/:id", on(room.right))
	room.post(r, "/dpo/rights/:id/messages", from("/dpo/rights/:id", room.writeRight))
	room.get(r, "/dpo/rights/:id/holds", on(room.holds))
	room.post(r, "/dpo/rights/:id/holds", on(room.setHold))
	room.post(r, "/dpo/rights/:id/holds/lift", from("/dpo/rights/:id/holds", room.liftHold))
	room.get(r, "/dpo/rights/:id/measures", on(room.measures))
	room.post(r, "/dpo/rights/:id/measures", on(room.accept))
	room.post(r, "/dpo/rights/:id/measures/notice", from("/dpo/rights/:id/measures", room.announceLifting))
	room.post(r, "/dpo/rights/:id/measures/lift", from("/dpo/rights/:id/measures", room.liftRestriction))
}

func (room *Room) rights(c *gin.Context, by consent.Agent) error {
	state, after, err := room.rightsQuery(c, by)
	if err != nil {
		return err
	}
	list, err := room.Service.RightsQueue(c.Request.Context(), by, state, after, rightsAtOnce+1)
	if err != nil {
		return err
	}
	page := RightsPage{Page: room.page(c, "dpo.rights.title")}
	for _, s := range consent.RightsStates() {
		page.States = append(page.States, Link{URL: "/dpo/rights?state=" + string(s), Name: page.T("dpo.rights.state." + string(s)), Current: s == state})
	}
	if len(list) > rightsAtOnce {
		list = list[:rightsAtOnce]
		page.Next = "/dpo/rights?" + url.Values{"state": {string(state)}, "after": {list[rightsAtOnce-1].ID}}.Encode()
	}
	for _, r := range list {
		page.Rights = append(page.Rights, room.rightItem(page.Page, r))
	}
	if len(list) == 0 {
		page.Empty = page.T("dpo.rights.none." + string(state))
	}
	return room.Site.Render(c, http.StatusOK, "dpo/rights", page)
}

// rightsQuery is which requests to show, from which one on.
func (room *Room) rightsQuery(c *gin.Context, by consent.Agent) (state consent.RightsState, after consent.RightsRequest, err error) {
	params, err := web.Query(c)
	if err != nil {
		return state, after, err
	}
	if state = consent.RightsState(params.Get("state")); state == "" {
		state = consent.RightsOpen
	}
	if !slices.Contains(consent.RightsStates(), state) {
		return state, after, consent.Refuse(consent.InvalidRequest, "state", "not a state")
	}
	id := params.Get("after")
	if id == "" {
		return state, after, nil
	}
	if !web.IsID(id) {
		return state, after, consent.Refuse(consent.InvalidRequest, "after", "not an identifier")
	}
	view, err := room.Service.AnyRight(c.Request.Context(), by, id)
	return state, view.Request, err
}

func (room *Room) rightItem(p web.Page, r consent.RightsRequest) RightItem {
	return RightItem{
		ID: r.ID, Name: p.T("dpo.rights.kind." + r.Asks()), State: room.rightBadge(p, r),
		Asked: p.T("dpo.rights.asked_on", "Date", p.Date(consent.DateOf(r.AskedAt))), Due: p.T("dpo.rights.due_on", "Date", p.Date(r.DueOn)),
	}
}

// rightBadge is how urgent a request is, or how it ended.
func (room *Room) rightBadge(p web.Page, r consent.RightsRequest) Badge {
	left := r.DaysLeft(room.Now())
	switch {
	case r.State == consent.RightsAnswered:
		return Badge{"success", p.T("dpo.rights.state_one.answered")}
	case r.State == consent.RightsRefused:
		return Badge{"info", p.T("dpo.rights.state_one.refused")}
	case r.Overdue(room.Now()):
		return Badge{"error", p.T("dpo.rights.overdue", "Days", -left)}
	case left <= soonDue:
		return Badge{"warning", p.T("dpo.rights.days_left", "Days", left)}
	}
	return Badge{"info", p.T("dpo.rights.days_left", "Days", left)}
}

// DueItem is something that waits for the agent.
type DueItem struct {
	URL, Text string
	State     Badge
}

// due is what waits for the agent, for their home page.
func (room *Room) due(c *gin.Context, p web.Page, by consent.Agent) (out []DueItem, err error) {
	if _, err := by.May(consent.DutyRights); err == nil {
		if out, err = room.rightsDue(c, p, by); err != nil {
			return nil, err
		}
	}
	if _, err := by.May(consent.DutyErasures); err != nil {
		return out, nil
	}
	erasures, err := room.Service.WaitingErasures(c.Request.Context(), by)
	if len(erasures) > 0 {
		text := p.T("dpo.home.due_erasures", "Number", p.Number(len(erasures)))
		out = append(out, DueItem{URL: "/dpo/erasures", Text: text, State: Badge{"info", p.T("dpo.home.due_second")}})
	}
	return out, err
}

// rightsDue is what the home page says of the requests that wait.
func (room *Room) rightsDue(c *gin.Context, p web.Page, by consent.Agent) ([]DueItem, error) {
	due, err := room.Service.RightsDue(c.Request.Context(), by)
	if err != nil || due.Open == 0 {
		return nil, err
	}
	item := DueItem{URL: "/dpo/rights", Text: p.T("dpo.home.due_rights", "Number", p.Number(due.Open)), State: Badge{"info", p.T("dpo.home.due_on_time")}}
	if due.Overdue > 0 {
		item.State = Badge{"error", p.T("dpo.home.due_overdue", "Number", p.Number(due.Overdue))}
	}
	return []DueItem{item}, nil
}
