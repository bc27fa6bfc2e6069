package citizen

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

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

// Option is one option of a filter.
type Option struct {
	Value, Name string
	Selected    bool
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
	page.fill(room, list, params.Get("administration"))
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
	client, recipient, _ := strings.Cut(params.Get("administration"), "~")
	q.Party = consent.Party{ClientID: client, Recipient: consent.SIRET(recipient)}
	if before := params.Get("before"); before != "" {
		q.Back = true
		return q, before, nil
	}
	return q, params.Get("after"), nil
}

// fill puts the domain's answer in words.
func (p *ConsentsPage) fill(room *Room, list consent.GrantList, administration string) {
	p.Items = room.consentItems(p.Page, list.Grants, list.Clients)
	p.Total = counted(p.Page, list.Total)
	for _, party := range list.Parties {
		value := strings.TrimSuffix(party.ClientID+"~"+string(party.Recipient), "~")
		p.Administrations = append(p.Administrations, Option{Value: value, Name: list.Clients[party].LegalName, Selected: value == administration})
	}
	slices.SortFunc(p.Administrations, func(a, b Option) int { return strings.Compare(a.Name, b.Name) })
	if list.Total > consent.MaxCounted && administration == "" {
		p.TooMany = p.T("citizen.consents.too_many")
	}
	p.Previous, p.Next = p.address("before", list.Previous, administration), p.address("after", list.Next, administration)
}

// address is a neighbouring page of the same list.
func (p *ConsentsPage) address(direction, from, administration string) string {
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
	if administration != "" {
		q.Set("administration", administration)
	}
	return "/consents?" + q.Encode()
}
