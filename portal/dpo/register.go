package dpo

import (
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// registeredAtOnce is how many bodies a page shows.
const registeredAtOnce = 10

// RegisterPage is templates/dpo/register.html: the record of processing activities
// (GDPR article 30).
type RegisterPage struct {
	web.Page
	For    string // whose processing
	Own    []Fact // what the portal does itself; on the first page only
	Kept   []Fact // and how long it keeps what
	Bodies []RegisterBody
	Next   string // address of the following bodies; empty at the end
}

// Fact is a line of a list.
type Fact struct{ Name, Value string }

// RegisterBody is one registered body and what it does with the data.
type RegisterBody struct {
	Name       string
	State      Badge
	Facts      []Fact
	Activities []Activity
}

// Activity is one purpose.
type Activity struct {
	Name  string
	Facts []Fact
}

func (room *Room) register(c *gin.Context, by consent.Agent) error {
	after, err := partyAfter(c)
	if err != nil {
		return err
	}
	bodies, err := room.Service.Registered(c.Request.Context(), by, after, registeredAtOnce+1)
	if err != nil {
		return err
	}
	page := RegisterPage{Page: room.page(c, "dpo.register.title")}
	if page.For = page.T("dpo.register.everybody"); by.Role == consent.RoleDPO {
		page.For = page.T("dpo.register.mine")
	}
	if after == (consent.Party{}) {
		page.Own, page.Kept = room.ownProcessing(page.Page), keptFacts(page.Page)
	}
	if len(bodies) > registeredAtOnce {
		bodies = bodies[:registeredAtOnce]
		page.Next = "/dpo/register?" + afterBody(bodies[registeredAtOnce-1])
	}
	for _, b := range bodies {
		page.Bodies = append(page.Bodies, room.registerBody(page.Page, b))
	}
	return room.Site.Render(c, http.StatusOK, "dpo/register", page)
}

// partyAfter is the body that a page goes on after; zero on the first.
func partyAfter(c *gin.Context) (consent.Party, error) {
	params, err := web.Query(c)
	if err != nil || !params.Has("after") && !params.Has("client") {
		return consent.Party{}, err
	}
	siret, err := consent.ParseSIRET(params.Get("after"))
	if err != nil {
		return consent.Party{}, consent.Refuse(consent.InvalidRequest, "after", "not a SIRET")
	}
	if !web.IsID(params.Get("client")) {
		return consent.Party{}, consent.Refuse(consent.InvalidRequest, "client", "not an identifier")
	}
	return consent.Party{ClientID: params.Get("client"), Recipient: siret}, nil
}

func afterBody(c consent.Client) string {
	return url.Values{"after": {string(c.SIRET)}, "client": {c.ID}}.Encode()
}

// ownProcessing is the portal's own line.
func (room *Room) ownProcessing(p web.Page) []Fact {
	o := room.Operator
	return []Fact{
		{p.T("dpo.register.controller"), o.Name + p.T("common.comma") + o.Address}, {p.T("dpo.register.contact"), o.DPO},
		{p.T("dpo.register.purpose"), p.T("dpo.register.own_purpose")}, {p.T("dpo.register.ground"), p.T("dpo.register.own_ground")},
		{p.T("dpo.register.persons"), p.T("dpo.register.own_persons")}, {p.T("dpo.register.data"), p.T("dpo.register.own_data")},
		{p.T("dpo.register.recipients"), p.T("dpo.register.own_recipients")}, {p.T("dpo.register.transfers"), p.T("dpo.register.no_transfers")},
		{p.T("dpo.register.security"), p.T("dpo.register.own_security")},
	}
}

// keptFacts say what the portal keeps, and how long.
func keptFacts(p web.Page) (out []Fact) {
	for _, rule := range consent.RetentionRules() {
		out = append(out, Fact{p.T("dpo.register.record." + string(rule.Record)), duration(p, rule)})
	}
	return out
}

// duration is in months, or in the largest unit that needs no fraction.
func duration(p web.Page, rule consent.RetentionRule) string {
	const day = 24 * time.Hour
	switch {
	case !rule.Ends():
		return p.T("dpo.register.endless")
	case rule.Months > 0:
		return p.T("dpo.register.months", "Count", rule.Months)
	case rule.Lasts%day == 0 && rule.Lasts > day:
		return p.T("dpo.register.days", "Number", int(rule.Lasts/day))
	case rule.Lasts%time.Hour == 0:
		return p.T("dpo.register.hours", "Number", int(rule.Lasts/time.Hour))
	}
	return p.T("dpo.register.minutes", "Number", int(rule.Lasts/time.Minute))
}
