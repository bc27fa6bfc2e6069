package dpo

import (
	"slices"

	"portail.example/consent"
	"portail.example/portal/web"
)

// Counted is a figure month by month: drawn, and as a table.
type Counted struct {
	ID, Title, Total string
	Describe         string // of the picture
	Summary          string // of the table
	MonthColumn      string
	CountColumn      string
	Start, End       string // the first and the last month
	Bars             []web.Bar
	Months           []Fact // newest first
}

// counts are a place's, whatever its month.
func counts(p web.Page, s consent.Statistics, place consent.Place, title string) Counted {
	over := s.Over(place)
	out := Counted{
		ID: id(place), Title: title, Total: p.T("dpo.statistics.total", "Number", least(p, consent.Sum(over))),
		Start: p.Month(s.Months[0]), End: p.Month(s.Months[len(s.Months)-1]),
	}
	out.Summary, out.MonthColumn, out.CountColumn = p.T("dpo.statistics.by_month", "Figure", title), p.T("dpo.statistics.column.month"), p.T("dpo.statistics.column.count")
	out.Describe = p.T("dpo.statistics.describe", "From", out.Start, "To", out.End)
	var heights []int
	for i, c := range over {
		out.Months = append(out.Months, Fact{p.Month(s.Months[i]), told(p, c)})
		if c.Hidden {
			c.Count = web.Unknown
		}
		heights = append(heights, c.Count)
	}
	slices.Reverse(out.Months)
	out.Bars = web.Bars(heights, p.Direction() == "rtl")
	return out
}

// id names a place on the page.
func id(p consent.Place) string {
	out := string(p.Figure)
	if p.Purpose != "" {
		out += "-" + p.Purpose
	}
	if p.Group != "" {
		out += "-" + string(p.Group)
	}
	return out
}

// told is a count in words.
func told(p web.Page, c consent.Shown) string {
	if c.Hidden {
		return p.T("dpo.statistics.hidden")
	}
	return p.Number(c.Count)
}

// least is a sum in words, from which something may have been left out.
func least(p web.Page, c consent.Shown) string {
	if c.Hidden && c.Count > 0 {
		return p.T("dpo.statistics.least", "Number", c.Count)
	}
	return told(p, c)
}
