package consent

import "slices"

// AccessDay is how often an authority called on one day in Paris, whatever came of it.
type AccessDay struct {
	Recipient SIRET
	Day       Date
	Calls     int
	Night     int // of Calls, from 22:00 to 06:00
	Withdrawn int // of Calls, refused because the citizen had withdrawn
}

// UnusualKind is why a day is pointed out.
type UnusualKind string

// The kinds of unusual days.
const (
	UnusualVolume    UnusualKind = "volume"    // many more calls than on a usual day
	UnusualNight     UnusualKind = "night"     // calls at night, which the authority does not make
	UnusualWithdrawn UnusualKind = "withdrawn" // calls under consents that were withdrawn
)

// Unusual is a day on which something was. It names nobody.
type Unusual struct {
	Kind  UnusualKind
	Day   Date
	Calls Shown
	Usual Shown // of a volume: calls on a usual day
}

// What is unusual.
const (
	UnusualDays  = 7  // the days that are judged, today the last
	UsualDays    = 28 // the days before each, that tell what is usual
	manyCalls    = 50 // fewer are no volume
	timesUsual   = 3  // more often than on a usual day
	nightCalls   = 5  // fewer are no night
	usualAtNight = 3  // nights with calls, of UsualDays, from which on these are a habit
)

// UnusualOn judges one authority's last days, today the last of them, newest first.
// Days that are not given had no calls.
func UnusualOn(days []AccessDay, today Date) (out []Unusual) {
	known := map[Date]AccessDay{}
	for _, d := range days {
		known[d.Day] = d
	}
	for ago := range UnusualDays {
		day := today.addDays(-ago)
		out = append(out, unusualDay(known[day], day, usual(known, day))...)
	}
	return out
}

// habit is what an authority does on the days before one.
type habit struct {
	calls  int // the median of the days with calls; zero when there is none
	nights int // with calls
}

func usual(known map[Date]AccessDay, day Date) (h habit) {
	var calls []int
	for ago := 1; ago <= UsualDays; ago++ {
		d := known[day.addDays(-ago)]
		if d.Calls > 0 {
			calls = append(calls, d.Calls)
		}
		if d.Night > 0 {
			h.nights++
		}
	}
	slices.Sort(calls)
	if len(calls) > 0 {
		h.calls = calls[len(calls)/2]
	}
	return h
}

func unusualDay(d AccessDay, day Date, h habit) (out []Unusual) {
	if d.Calls >= manyCalls && d.Calls > timesUsual*h.calls {
		out = append(out, Unusual{Kind: UnusualVolume, Day: day, Calls: Shown{Count: d.Calls}, Usual: few(h.calls)})
	}
	if d.Night >= nightCalls && h.nights < usualAtNight {
		out = append(out, Unusual{Kind: UnusualNight, Day: day, Calls: Shown{Count: d.Night}})
	}
	if d.Withdrawn > 0 {
		out = append(out, Unusual{Kind: UnusualWithdrawn, Day: day, Calls: few(d.Withdrawn)})
	}
	return out
}

// few hides how many a few were: each could be another person's.
func few(n int) Shown {
	if n > 0 && n < MinPersons {
		return Shown{Hidden: true}
	}
	return Shown{Count: n}
}

func (d Date) addDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }
