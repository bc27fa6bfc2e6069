package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// HoldsPage is templates/dpo/holds.html: what keeps the data of whoever made a request,
// and the forms to set and to lift.
type HoldsPage struct {
	web.Page
	ID           string // the request
	Done         string // what was just done; may be empty
	Problem      string // why nothing was; may be empty
	ProblemField string
	Holds        []HoldItem
	Reason       string // as it was typed
}

// HoldItem is one legal hold in force.
type HoldItem struct {
	ID, Set, Reason string
	Why             string // it is lifted, as it was typed
}

func (room *Room) holds(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page := HoldsPage{Page: room.page(c, "dpo.holds.title")}
	switch params.Get("done") {
	case "set":
		page.Done = page.T("dpo.holds.done_set")
	case "lifted":
		page.Done = page.T("dpo.holds.done_lifted")
	}
	form, _ := kept(c)
	return room.holdsPage(c, http.StatusOK, by, page, form)
}

// holdsPage completes a page that may hold a form as it was typed.
func (room *Room) holdsPage(c *gin.Context, status int, by consent.Agent, page HoldsPage, form web.Params) (err error) {
	page.Reason = form.Get("reason")
	if page.ID, err = web.PathID(c, "id"); err != nil {
		return err
	}
	list, err := room.Service.HoldsOn(c.Request.Context(), by, page.ID)
	if err != nil {
		return err
	}
	names, err := room.names(c, by)
	if err != nil {
		return err
	}
	for _, h := range list {
		who := names[consent.AgentID(h.SetBy)]
		if who == "" {
			who = h.SetBy // as the operator's tool was told
		}
		item := HoldItem{ID: h.ID, Set: page.T("dpo.holds.set_by", "Instant", page.DateTime(h.SetAt), "Who", who), Reason: h.Reason}
		if h.ID == form.Get("hold") {
			item.Why = form.Get("why")
		}
		page.Holds = append(page.Holds, item)
	}
	return room.Site.Render(c, status, "dpo/holds", page)
}

func (room *Room) setHold(c *gin.Context, by consent.Agent) error {
	return room.holdForm(c, by, "set", func(id string, form web.Params) (string, error) {
		_, err := room.Service.HoldFor(c.Request.Context(), by, id, form.Get("reason"))
		return "reason", err
	})
}

func (room *Room) liftHold(c *gin.Context, by consent.Agent) error {
	return room.holdForm(c, by, "lifted", func(id string, form web.Params) (string, error) {
		_, err := room.Service.EndHold(c.Request.Context(), by, id, form.Get("hold"), form.Get("why"))
		return "why-" + form.Get("hold"), err
	})
}

// holdForm does what a form of the page asks; do names the field to mend.
func (room *Room) holdForm(c *gin.Context, by consent.Agent, done string, do func(id string, form web.Params) (string, error)) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	field, err := do(id, form)
	if consent.CodeOf(err) == consent.InvalidRequest {
		page := HoldsPage{Page: room.page(c, "dpo.holds.title"), ProblemField: field}
		page.Problem = page.T("dpo.holds.problem_reason", "Most", consent.MaxHoldReason)
		return room.holdsPage(c, http.StatusUnprocessableEntity, by, page, form)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/rights/"+id+"/holds?done="+done)
	return nil
}
