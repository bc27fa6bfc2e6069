package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// ErasuresPage is templates/dpo/erasures.html: erasures that wait for a second agent,
// and, for who answers citizens, the requests that nobody took up.
type ErasuresPage struct {
	web.Page
	Done     string // what was just done; may be empty
	Waiting  []ErasureItem
	Answers  bool // the agent answers citizens
	Requests []ErasureRequest
}

// ErasureItem is an erasure that waits. It names nobody.
type ErasureItem struct {
	ID, Title, By string
	Mine          bool // another agent must approve
}

// ErasureRequest is a citizen's request to be erased.
type ErasureRequest struct{ ID, Title, Due string }

func (room *Room) mountErasures(r gin.IRouter) {
	room.get(r, "/dpo/erasures", room.on(consent.DutyErasures, room.erasures))
	room.post(r, "/dpo/erasures", room.on(consent.DutyRights, room.propose))
	room.get(r, "/dpo/erasures/:id", room.on(consent.DutyErasures, room.erasure))
	room.post(r, "/dpo/erasures/:id/approve", room.from("/dpo/erasures/:id", consent.DutyErasures, room.approve))
}

func (room *Room) erasures(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page := ErasuresPage{Page: room.page(c, "dpo.erasures.title")}
	switch params.Get("done") {
	case "asked":
		page.Done = page.T("dpo.erasures.done_asked")
	case "erased":
		page.Done = page.T("dpo.erasures.done_erased")
	}
	waiting, err := room.Service.WaitingErasures(c.Request.Context(), by)
	if err != nil {
		return err
	}
	for _, e := range waiting {
		page.Waiting = append(page.Waiting, erasureItem(page.Page, e, by))
	}
	if err := room.erasureRequests(c, by, &page); err != nil {
		return err
	}
	return room.Site.Render(c, http.StatusOK, "dpo/erasures", page)
}

func (room *Room) erasureRequests(c *gin.Context, by consent.Agent, page *ErasuresPage) error {
	if _, err := by.May(consent.DutyRights); err != nil {
		return nil // another role's page has no such part
	}
	page.Answers = true
	open, err := room.Service.ErasureRequests(c.Request.Context(), by)
	for _, r := range open {
		page.Requests = append(page.Requests, ErasureRequest{
			ID: r.ID, Title: page.T("dpo.erasures.request", "Instant", page.DateTime(r.AskedAt)), Due: page.T("dpo.erasures.due", "Date", page.Date(r.DueOn)),
		})
	}
	return err
}

func erasureItem(p web.Page, e consent.Erasure, by consent.Agent) ErasureItem {
	item := ErasureItem{ID: e.ID, Title: p.T("dpo.erasures.asked", "Instant", p.DateTime(e.AskedAt)), By: p.T("dpo.erasures.by_other")}
	if item.Mine = e.AskedBy == string(by.ID); item.Mine {
		item.By = p.T("dpo.erasures.by_me")
	}
	return item
}

// propose takes up a citizen's request.
func (room *Room) propose(c *gin.Context, by consent.Agent) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if !web.IsID(form.Get("request")) {
		return consent.Refuse(consent.InvalidRequest, "request", "not an identifier")
	}
	if _, err := room.Service.ProposeErasure(c.Request.Context(), by, form.Get("request")); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/erasures?done=asked")
	return nil
}
