package dpo

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// StartPage is templates/dpo/start.html: the agents' entrance.
type StartPage struct{ web.Page }

// HomePage is templates/dpo/home.html: what the agent may do.
type HomePage struct {
	web.Page
	Who   string // the agent, in which role
	For   string // on whose data
	Due   []DueItem
	Parts []Part
}

// Part is a page that the agent's role opens.
type Part struct {
	URL, Name, Explain string
	Note               string // what waits there; may be empty
}

// parts are the pages of the home page, by duty; their texts are dpo.home.<key>.
var parts = []struct {
	duty     consent.Duty
	url, key string
}{
	{consent.DutyRights, "/dpo/rights", "rights"},
	{consent.DutySubjects, "/dpo/people", "people"},
	{consent.DutySubjects, "/dpo/reports", "reports"},
	{consent.DutyAgents, "/dpo/agents", "agents"},
	{consent.DutyLookups, "/dpo/lookups", "lookups"},
	{consent.DutyRegister, "/dpo/register", "register"},
	{consent.DutyConsultations, "/dpo/consultations.csv", "consultations"},
	{consent.DutyRegister, "/dpo/statistics", "statistics"},
	{consent.DutyRegister, "/dpo/alerts", "alerts"},
	{consent.DutyErasures, "/dpo/erasures", "erasures"},
	{consent.DutyEvidence, "/dpo/evidence", "evidence"},
}

// PartKeys are the keys under dpo.home.* of the parts, for the catalogues' test.
func PartKeys() (out []string) {
	for _, p := range parts {
		out = append(out, p.key)
	}
	return out
}

// entrance is the home page of whoever is signed in, and the way in for the others.
func (room *Room) entrance(c *gin.Context) error {
	by, err := agent(c)
	if err != nil {
		return room.Site.Render(c, http.StatusOK, "dpo/start", StartPage{room.page(c, "dpo.start.title")})
	}
	page := HomePage{Page: room.page(c, "dpo.home.title")}
	page.Who = page.T("dpo.home.who", "Name", by.Name(), "Role", page.T("dpo.role."+string(by.Role)))
	page.For = page.T("dpo.home.for", "Siret", siret(by.SIRET))
	if page.Due, err = room.due(c, page.Page, by); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := by.May(p.duty); err == nil {
			page.Parts = append(page.Parts, Part{URL: p.url, Name: page.T("dpo.home." + p.key), Explain: page.T("dpo.home." + p.key + "_explain")})
		}
	}
	if err := room.noteAlerts(c, by, page); err != nil {
		return err
	}
	return room.Site.Render(c, http.StatusOK, "dpo/home", page)
}

// noteAlerts says of how many authorities something unusual is told.
func (room *Room) noteAlerts(c *gin.Context, by consent.Agent, page HomePage) error {
	i := slices.IndexFunc(page.Parts, func(p Part) bool { return p.URL == "/dpo/alerts" })
	if i < 0 {
		return nil
	}
	n, err := room.Service.CountUnusual(c.Request.Context(), by)
	page.Parts[i].Note = page.T("dpo.alerts.count", "Count", n)
	return err
}

// siret is a SIRET as people write it: SIREN by threes, then NIC. The spaces do not
// break.
func siret(s consent.SIRET) string {
	if len(s) != 14 {
		return string(s)
	}
	const space = "\u00a0"
	return string(s[:3] + space + s[3:6] + space + s[6:9] + space + s[9:])
}
