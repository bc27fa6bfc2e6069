package consent

import (
	"slices"
	"time"
)

// EndKind names an end a citizen can choose without a calendar.
type EndKind string

// The ends in human terms. EndDate is a day of the citizen's own.
const (
	EndAsked      EndKind = "asked"
	EndOneYear    EndKind = "one_year"
	EndSchoolYear EndKind = "school_year"
	EndOnce       EndKind = "once"
	EndDate       EndKind = "date"
)

// End is one choice of an end, with its last day; that of EndDate is zero.
type End struct {
	Kind EndKind
	On   Date
}

// Ends are the ends a citizen may choose on a day: what was asked first, and then
// nearer ones only. A once request has one end, and no choice. A continuous one may
// be answered once where its purpose allows that and no consent stands already,
// which an answer once could neither extend nor replace.
func (d Details) Ends(today Date, held bool) []End {
	if d.Access == Once {
		return nil
	}
	out := []End{{EndAsked, d.EndsOn}}
	for _, end := range []End{{EndOneYear, today.AddMonths(12)}, {EndSchoolYear, EndOfSchoolYear(today)}} {
		if d.EndsOn.After(end.On) {
			out = append(out, end)
		}
	}
	if p, _ := PurposeOf(d.Purpose); !held && d.EndsOn.After(today) && slices.Contains(p.Modes, Once) {
		out = append(out, End{Kind: EndOnce})
	}
	return append(out, End{Kind: EndDate})
}

// once narrows continuous access to one release, which the administration reads in
// the authorization_details it is answered (RFC 9396 section 7). It fails with
// InvalidEndDate when the purpose has no such mode, or when the day OnceLifetime
// ends is later than the one asked.
func (d Details) once(now time.Time) (Details, error) {
	if d.Access == Once {
		return d, nil
	}
	last := DateOf(now.Add(OnceLifetime))
	if p, _ := PurposeOf(d.Purpose); !slices.Contains(p.Modes, Once) || last.After(d.EndsOn) {
		return Details{}, Refuse(InvalidEndDate, "access", "one release is not within what was asked")
	}
	d.Access, d.EndsOn = Once, last
	return d.watchable(), nil
}
