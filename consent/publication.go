package consent

import "time"

// PublishedFrom is the first day on which the CAF answers for a month: the Monday
// after the month's first whole weekend. Before it, a household of the CAF has no file
// for that month; the MSA computes at once (API-SECU, freshness of the quotient
// familial). A month that begins on a Sunday waits for the weekend after: who comes
// back too late loses nothing.
func (p Period) PublishedFrom() Date {
	first := time.Date(p.Year, p.Month, 1, 12, 0, 0, 0, Paris)
	saturday := (int(time.Saturday) - int(first.Weekday()) + 7) % 7
	return Date{p.Year, p.Month, 1 + saturday + 2}
}

// fromCAF are the codes of a file that is absent at the CAF, in both families; the
// MSA's and those of people without a fund stay what they are.
var fromCAF = map[string]bool{"23003": true, "37003": true}

// Early tells a file that is absent from one that the CAF may not have published yet,
// and from when on it has.
func (f *ProviderFault) Early(asked Period, now time.Time) (from Date, early bool) {
	if f == nil || f.Outcome != NoFile || !fromCAF[f.Code] {
		return Date{}, false
	}
	return asked.NotYet(now)
}

// Before is the month before.
func (p Period) Before() Period { return p.AddMonths(-1) }

// NotYet tells whether the CAF may not have the month yet at an instant, and from when
// on it has.
func (p Period) NotYet(now time.Time) (from Date, notYet bool) {
	from = p.PublishedFrom()
	return from, PeriodOf(now) == p && from.After(DateOf(now))
}
