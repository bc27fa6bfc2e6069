package citizen

import (
	"slices"

	"portail.example/consent"
	"portail.example/portal/web"
)

// Picture is how many consultations each month had: drawn, and as figures.
type Picture struct {
	Describe, Total, Peak string
	Start, End            string // the first and the last month
	Bars                  []web.Bar
	Figures               []Figure // newest first
}

// Figure is a month in words.
type Figure struct{ Month, Count string }

// picture draws months, of which the oldest is the first. There are no bars when
// nothing was consulted.
func picture(p web.Page, months []consent.MonthCount) (out Picture) {
	total, peak := 0, consent.MonthCount{}
	var counts []int
	for _, m := range months {
		total += m.Count
		counts = append(counts, m.Count)
		if m.Count >= peak.Count {
			peak = m
		}
		out.Figures = append(out.Figures, Figure{p.Month(m.Month), p.Number(m.Count)})
	}
	if total == 0 {
		return Picture{}
	}
	slices.Reverse(out.Figures)
	out.Start, out.End = p.Month(months[0].Month), p.Month(months[len(months)-1].Month)
	out.Describe = p.T("citizen.history.picture_describe", "From", out.Start, "To", out.End)
	out.Total = p.T("citizen.history.picture_total", "Count", total)
	out.Peak = p.T("citizen.history.picture_peak", "Count", peak.Count, "Month", p.Month(peak.Month))
	out.Bars = web.Bars(counts, p.Direction() == "rtl")
	return out
}
