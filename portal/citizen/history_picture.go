package citizen

import (
	"slices"

	"portail.example/consent"
	"portail.example/portal/web"
)

// The drawing, in units of its own: the page scales it.
const (
	pictureWidth  = 370
	pictureHeight = 90
	widestBar     = 30
)

// Picture is how many consultations each month had: drawn, and as figures.
type Picture struct {
	Describe, Total, Peak string
	Start, End            string // the first and the last month
	Bars                  []Bar
	Figures               []Figure // newest first
}

// Bar is a month with consultations, from the left as the language is written.
type Bar struct{ X, Y, Width, Height int }

// Figure is a month in words.
type Figure struct{ Month, Count string }

// picture draws months, of which the oldest is the first. There are no bars when
// nothing was consulted.
func picture(p web.Page, months []consent.MonthCount) (out Picture) {
	total, peak := 0, consent.MonthCount{}
	for _, m := range months {
		total += m.Count
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
	for i, m := range months {
		if m.Count > 0 {
			out.Bars = append(out.Bars, bar(i, len(months), m.Count, peak.Count, p.Direction() == "rtl"))
		}
	}
	return out
}

// bar is the i-th of n, mirrored where one reads from the right.
func bar(i, n, count, most int, mirrored bool) Bar {
	width := min(pictureWidth*4/(5*n), widestBar)
	height := max(count*pictureHeight/most, 2) // one among thousands is seen too
	x := pictureWidth*(2*i+1)/(2*n) - width/2
	if mirrored {
		x = pictureWidth - x - width
	}
	return Bar{X: x, Y: pictureHeight - height, Width: width, Height: height}
}
