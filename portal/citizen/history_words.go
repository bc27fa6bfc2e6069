package citizen

import (
	"net/url"
	"strings"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// HistoryMonth is a month with what happened in it.
type HistoryMonth struct {
	Name  string
	Items []HistoryItem
}

// HistoryItem is one thing that happened, in words; what it has none of is empty.
type HistoryItem struct{ When, What, Who, Why, Data, Outcome, Link string }

// explain tells what is wrong with the days, beside each and in the summary.
func (p *HistoryPage) explain() {
	p.FromProblem, p.ToProblem = p.dayProblem(p.From), p.dayProblem(p.To)
	if p.FromProblem+p.ToProblem == "" {
		p.ToProblem = p.T("citizen.history.problem_order")
	}
	for _, problem := range []FieldProblem{{"from", p.FromProblem}, {"to", p.ToProblem}} {
		if problem.Text != "" {
			p.Problems = append(p.Problems, problem)
		}
	}
}

func (p *HistoryPage) dayProblem(typed string) string {
	if _, err := consent.ParseDate(typed); typed != "" && err != nil {
		return p.T("citizen.history.problem_date", "Typed", typed)
	}
	return ""
}

// offer shows the filters and how far back they reach.
func (p *HistoryPage) offer(room *Room, told consent.History, q consent.HistoryQuery) {
	today := consent.DateOf(room.Now())
	start := consent.HistoryStart(today)
	p.Span = p.T("citizen.history.span", "Months", consent.HistoryMonths, "Date", p.Date(start))
	p.Min, p.Max = start.String(), today.String()
	p.Administrations = administrations(told.Askers, told.Clients, q.Party)
}

// fill puts what happened in words, under its months.
func (p *HistoryPage) fill(told consent.History, params web.Params) {
	for _, f := range told.Facts {
		day := consent.DateOf(f.At)
		name := p.Month(consent.Period{Year: day.Year, Month: day.Month})
		if n := len(p.Months); n == 0 || p.Months[n-1].Name != name {
			p.Months = append(p.Months, HistoryMonth{Name: name})
		}
		month := &p.Months[len(p.Months)-1]
		month.Items = append(month.Items, historyItem(p.Page, f, told.Clients[f.Party], told.Clients[f.Asker()]))
	}
	chosen := url.Values{}
	for _, name := range []string{"administration", "from", "to"} {
		if value := params.Get(name); value != "" {
			chosen.Set(name, value)
		}
	}
	if p.Months == nil {
		p.Empty = p.T("citizen.history.none")
		if len(chosen) > 0 {
			p.Empty = p.T("citizen.history.none_chosen")
		}
		return
	}
	p.Picture = picture(p.Page, told.Months)
	p.File = address("/history.csv", chosen, "", "")
	p.Previous, p.Next = address("/history", chosen, "before", told.Previous), address("/history", chosen, "after", told.Next)
}

// address is a list as it was chosen, at a place; empty when there is no such place.
func address(path string, chosen url.Values, direction, place string) string {
	q := url.Values{}
	for name, values := range chosen {
		q[name] = values
	}
	if direction != "" {
		if place == "" {
			return ""
		}
		q.Set(direction, place)
	}
	return strings.TrimSuffix(path+"?"+q.Encode(), "?")
}

func historyItem(p web.Page, f consent.HistoryFact, who, provider consent.Client) HistoryItem {
	out := HistoryItem{
		When: p.DateTime(f.At), What: p.T("citizen.history.kind."+string(f.Kind), "Instant", p.DateTime(f.Until)),
		Who: who.LegalName, Why: p.T("purpose." + f.Purpose + ".name"), Link: "/consents/" + f.Ref,
		Data: held.Data(p.Localizer, f.Groups),
	}
	switch f.Kind {
	case consent.HistoryRequest, consent.HistoryLapsed, consent.HistoryClosed, consent.HistoryPreview:
		out.Link = ""
	case consent.HistoryRefusal:
		out.Link = "/receipts/" + f.Ref
	case consent.HistoryAccess, consent.HistoryComparison:
		out.Data = held.Of(p.Localizer, f.Groups, f.Period)
		out.Outcome = held.Outcome(p.Localizer, f.Groups, f.Outcome, f.Attested, provider)
	}
	return out
}
