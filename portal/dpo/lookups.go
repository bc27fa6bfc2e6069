package dpo

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// lookupsAtOnce is how many searches a page shows.
const lookupsAtOnce = 50

// LookupsPage is templates/dpo/lookups.html: who searched whom, when and why.
type LookupsPage struct {
	web.Page
	Lookups []LookupItem
	Next    string // address of the older ones; empty at the end
}

// LookupItem is one search. It does not say who was found.
type LookupItem struct{ When, Who, By, Found, Reason string }

func (room *Room) lookups(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	after := params.Get("after")
	if after != "" && !web.IsID(after) {
		return consent.Refuse(consent.InvalidRequest, "after", "not an identifier")
	}
	list, err := room.Service.Lookups(c.Request.Context(), by, after, lookupsAtOnce+1)
	if err != nil {
		return err
	}
	names, err := room.names(c, by)
	if err != nil {
		return err
	}
	page := LookupsPage{Page: room.page(c, "dpo.lookups.title")}
	if len(list) > lookupsAtOnce {
		list = list[:lookupsAtOnce]
		page.Next = "/dpo/lookups?" + url.Values{"after": {list[lookupsAtOnce-1].ID}}.Encode()
	}
	for _, l := range list {
		page.Lookups = append(page.Lookups, lookupItem(page.Page, l, names))
	}
	return room.Site.Render(c, http.StatusOK, "dpo/lookups", page)
}

// names are those of all agents.
func (room *Room) names(c *gin.Context, by consent.Agent) (map[consent.AgentID]string, error) {
	known, err := room.Service.Agents(c.Request.Context(), by)
	if err != nil {
		return nil, err
	}
	out := map[consent.AgentID]string{}
	for _, a := range known {
		out[a.ID] = a.Name()
	}
	return out, nil
}

func lookupItem(p web.Page, l consent.Lookup, names map[consent.AgentID]string) LookupItem {
	found := p.T("dpo.lookups.found")
	if l.Subject == "" {
		found = p.T("dpo.lookups.nobody")
	}
	reason := p.T("dpo.lookups.reason", "Reason", l.Reason)
	if l.Reason == "" {
		reason = p.T("dpo.lookups.reason_gone")
	}
	return LookupItem{
		When: p.DateTime(l.At), Who: names[l.Agent], By: p.T("dpo.lookups.by." + string(l.By)), Found: found, Reason: reason,
	}
}
