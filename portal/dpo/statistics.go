package dpo

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// AuthoritiesPage is templates/dpo/authorities.html: whose statistics to look at.
type AuthoritiesPage struct {
	web.Page
	Authorities []AuthorityLink
	CSV, JSON   string
	Next        string // address of the following ones; empty at the end
}

// AuthorityLink leads to an authority's statistics.
type AuthorityLink struct{ URL, Name, Siret string }

// StatisticsPage is templates/dpo/statistics.html: what one authority did.
type StatisticsPage struct {
	web.Page
	Of           string
	SIRET        string
	Problem      string // of the months that were asked for; may be empty
	ProblemField string
	From, To     []MonthChoice
	Figures      []Counted
	Purposes     []PurposeCounts
	CSV, JSON    string
}

// MonthChoice is a month that can be chosen.
type MonthChoice struct {
	Value, Name string
	Selected    bool
}

// PurposeCounts are the consultations for a purpose, then those of each data group.
type PurposeCounts struct {
	Name string
	All  Counted
	Data []Counted
}

// statistics are one authority's; an agent of all of them chooses first.
func (room *Room) statistics(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	authority := consent.SIRET(params.Get("authority"))
	if authority == "" && by.Role != consent.RoleDPO {
		return room.authorities(c, by)
	}
	if authority == "" {
		authority = by.SIRET
	}
	done, err := unhurried(c) // a million consents are counted in about twenty seconds
	if err != nil {
		return err
	}
	defer done()
	page, status := StatisticsPage{Page: room.page(c, "dpo.statistics.title"), SIRET: string(authority)}, http.StatusOK
	span, err := spanOf(params)
	var counted consent.Statistics
	if err == nil {
		counted, err = room.Service.Statistics(c.Request.Context(), by, authority, span)
	}
	if consent.CodeOf(err) == consent.InvalidRequest { // the months of the form
		page.ProblemField, page.Problem, status = consent.FieldOf(err), page.T("dpo.statistics.problem"), http.StatusUnprocessableEntity
		counted, err = room.Service.Statistics(c.Request.Context(), by, authority, consent.Span{})
	}
	if err != nil {
		return err
	}
	room.fillStatistics(&page, counted)
	return room.Site.Render(c, status, "dpo/statistics", page)
}

// spanOf are the months of a query. It fails with InvalidRequest, which names from or to.
func spanOf(params web.Params) (span consent.Span, err error) {
	for name, month := range map[string]*consent.Period{"from": &span.First, "to": &span.Last} {
		if text := params.Get(name); text != "" {
			if *month, err = consent.ParsePeriod(text); err != nil {
				return span, consent.Refuse(consent.InvalidRequest, name, "not a month, YYYY-MM")
			}
		}
	}
	return span, nil
}

func (room *Room) authorities(c *gin.Context, by consent.Agent) error {
	after, err := partyAfter(c)
	if err != nil {
		return err
	}
	bodies, err := room.Service.Registered(c.Request.Context(), by, after, authoritiesAtOnce+1)
	if err != nil {
		return err
	}
	page := AuthoritiesPage{Page: room.page(c, "dpo.statistics.choose"), CSV: "/dpo/statistics.csv", JSON: "/dpo/statistics.json"}
	if len(bodies) > authoritiesAtOnce {
		bodies = bodies[:authoritiesAtOnce]
		page.Next = "/dpo/statistics?" + afterBody(bodies[authoritiesAtOnce-1])
	}
	for i, b := range bodies {
		if i > 0 && b.SIRET == bodies[i-1].SIRET { // registered twice
			continue
		}
		address := "/dpo/statistics?" + url.Values{"authority": {string(b.SIRET)}}.Encode()
		page.Authorities = append(page.Authorities, AuthorityLink{address, b.LegalName, page.T("dpo.home.for", "Siret", siret(b.SIRET))})
	}
	return room.Site.Render(c, http.StatusOK, "dpo/authorities", page)
}

// authoritiesAtOnce is how many authorities a page lists.
const authoritiesAtOnce = 50

// fillStatistics puts what was counted into words and pictures.
func (room *Room) fillStatistics(page *StatisticsPage, s consent.Statistics) {
	p, first, last := page.Page, s.Months[0], s.Months[len(s.Months)-1]
	page.Of = controller(p, s.Client)
	page.From, page.To = room.monthChoices(p, first), room.monthChoices(p, last)
	query := "?" + url.Values{"authority": {page.SIRET}, "from": {first.String()}, "to": {last.String()}}.Encode()
	page.CSV, page.JSON = "/dpo/statistics.csv"+query, "/dpo/statistics.json"+query
	for _, f := range consent.Figures() {
		page.Figures = append(page.Figures, counts(p, s, consent.Place{Figure: f}, p.T("dpo.statistics.figure."+string(f))))
	}
	for _, purpose := range s.Purposes() {
		place := consent.Place{Figure: consent.FigureAccesses, Purpose: purpose.ID}
		part := PurposeCounts{Name: p.T("purpose." + purpose.ID + ".name"), All: counts(p, s, place, p.T("dpo.statistics.any_data"))}
		for _, place.Group = range purpose.Groups {
			part.Data = append(part.Data, counts(p, s, place, p.T("group."+string(place.Group)+".register")))
		}
		page.Purposes = append(page.Purposes, part)
	}
}

func (room *Room) monthChoices(p web.Page, chosen consent.Period) (out []MonthChoice) {
	first := consent.FirstCounted(room.Now())
	for m := consent.LastCounted(room.Now()); !first.After(m); m = m.AddMonths(-1) {
		out = append(out, MonthChoice{m.String(), p.Month(m), m == chosen})
	}
	return out
}
