package citizen

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// ConsentsPage is templates/citizen/consents.html.
type ConsentsPage struct {
	web.Page
	Ended, ByEnd    bool
	Administrations []Option
	Total           string
	TooMany         string // asks to filter first; may be empty
	Items           []ConsentItem
	Previous, Next  string // addresses; empty at the ends
}

func (room *Room) listConsents(c *gin.Context) error {
	session := room.Site.Session(c)
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	q, from, err := consentQuery(params)
	if err != nil {
		return err
	}
	q.Subject = session.Subject
	list, err := room.Service.ListGrants(c.Request.Context(), q, from)
	if err != nil {
		return err
	}
	page := ConsentsPage{Page: room.Site.Page(c, "citizen.consents.title"), Ended: q.Over, ByEnd: q.ByEnd}
	page.fill(room, list, q.Party)
	return room.Site.Render(c, http.StatusOK, "citizen/consents", page)
}

// consentQuery reads the filters. It fails with InvalidRequest and the filter's name.
func consentQuery(params web.Params) (q consent.GrantQuery, from string, err error) {
	if err := params.Only("state", "sort", "administration", "after", "before"); err != nil {
		return q, "", err
	}
	for name, allowed := range map[string][]string{"state": {"", "active", "ended"}, "sort": {"", "start", "end"}} {
		if !slices.Contains(allowed, params.Get(name)) {
			return q, "", consent.Refuse(consent.InvalidRequest, name, "not a choice of this list")
		}
	}
	for _, name := range []string{"after", "before"} {
		if id := params.Get(name); id != "" && !web.IsID(id) {
			return q, "", consent.Refuse(consent.InvalidRequest, name, "not an identifier")
		}
	}
	q.Over, q.ByEnd = params.Get("state") == "ended", params.Get("sort") == "end"
	q.Party = partyOf(params.Get("administration"))
	if before := params.Get("before"); before != "" {
		q.Back = true
		return q, before, nil
	}
	return q, params.Get("after"), nil
}

// fill puts the domain's answer in words.
func (p *ConsentsPage) fill(room *Room, list consent.GrantList, chosen consent.Party) {
	p.Items = room.consentItems(p.Page, list.Grants, list.Clients, list.About)
	p.Total = counted(p.Page, list.Total)
	p.Administrations = administrations(list.Parties, list.Clients, chosen)
	if list.Total > consent.MaxCounted && chosen == (consent.Party{}) {
		p.TooMany = p.T("citizen.consents.too_many")
	}
	p.Previous, p.Next = p.address("before", list.Previous, chosen), p.address("after", list.Next, chosen)
}

// address is a neighbouring page of the same list.
func (p *ConsentsPage) address(direction, from string, chosen consent.Party) string {
	if from == "" {
		return ""
	}
	q := url.Values{direction: {from}, "state": {"active"}, "sort": {"start"}}
	if p.Ended {
		q.Set("state", "ended")
	}
	if p.ByEnd {
		q.Set("sort", "end")
	}
	if chosen != (consent.Party{}) {
		q.Set("administration", optionOf(chosen))
	}
	return "/consents?" + q.Encode()
}
