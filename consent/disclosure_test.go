package consent_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"portail.example/consent"
)

var november = consent.Period{Year: 2026, Month: time.November}

func place(f consent.Figure, purpose string, g consent.DataGroup) consent.Place {
	return consent.Place{Month: november, Figure: f, Purpose: purpose, Group: g}
}

func usesFor(purpose string, g consent.DataGroup) consent.Place {
	return place(consent.FigureAccesses, purpose, g)
}

func TestFewPersonsAreHidden(t *testing.T) {
	for name, c := range map[string]struct {
		tally consent.Tally
		want  consent.Shown
	}{
		"five persons":                  {consent.Tally{Count: 5, Persons: 5}, consent.Shown{Count: 5}},
		"four persons":                  {consent.Tally{Count: 4, Persons: 4}, consent.Shown{Hidden: true}},
		"four persons, a hundred times": {consent.Tally{Count: 100, Persons: 4}, consent.Shown{Hidden: true}},
		"nobody who is known":           {consent.Tally{Count: 7}, consent.Shown{Hidden: true}},
	} {
		c.tally.Place = place(consent.FigureWithdrawals, "", "")
		if got := consent.Disclose([]consent.Tally{c.tally})[c.tally.Place]; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// month is one of an authority's, with the persons in each cell that there are.
type month struct {
	requests, grants, refusals int
	purposes                   []int
}

func (m month) tallies() (out []consent.Tally) {
	add := func(p consent.Place, n int) {
		if n > 0 {
			out = append(out, consent.Tally{Place: p, Count: n, Persons: n})
		}
	}
	add(place(consent.FigureRequests, "", ""), m.requests)
	add(place(consent.FigureGrants, "", ""), m.grants)
	add(place(consent.FigureRefusals, "", ""), m.refusals)
	total := 0
	for i, n := range m.purposes {
		add(usesFor(purposes[i], ""), n)
		total += n
	}
	add(usesFor("", ""), total)
	return out
}

var purposes = []string{"a", "b", "c", "d"}

// possible are the values that a reader who knows the rule and every shown count cannot
// rule out for the i-th of some hidden counts that add up to sum: each is 1 to 4.
func possible(hidden, sum int) (out []int) {
	for value := 1; value < consent.MinPersons; value++ {
		others := hidden - 1
		if rest := sum - value; rest >= others && rest <= others*(consent.MinPersons-1) {
			out = append(out, value)
		}
	}
	return out
}

// A reader subtracts what is shown of a total from it, and learns of no hidden purpose
// more than that it is from 1 to 4.
func TestATotalDoesNotGiveAHiddenPurposeAway(t *testing.T) {
	told := 0
	rapid.Check(t, func(t *rapid.T) {
		m := month{purposes: rapid.SliceOfN(rapid.IntRange(0, 9), 1, 4).Draw(t, "purposes")}
		shown := consent.Disclose(m.tallies())
		total := shown[usesFor("", "")]
		rest, hidden := total.Count, 0
		for i := range m.purposes {
			cell := shown[usesFor(purposes[i], "")]
			rest -= cell.Count
			if cell.Hidden {
				hidden++
			}
		}
		if total.Hidden || hidden == 0 {
			return
		}
		told++
		if got := possible(hidden, rest); len(got) != consent.MinPersons-1 {
			t.Fatalf("%v: %d hidden ones add up to %d, so each is one of %v", m.purposes, hidden, rest, got)
		}
	})
	if told == 0 {
		t.Error("no total was ever told beside a hidden purpose")
	}
}

// Requests are granted, refused or not answered. A reader subtracts the answers that are
// shown, and can fix none that is hidden, nor a few that gave no answer.
func TestRequestsDoNotGiveAnAnswerAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := month{grants: rapid.IntRange(0, 9).Draw(t, "grants"), refusals: rapid.IntRange(0, 9).Draw(t, "refusals")}
		m.requests = m.grants + m.refusals + rapid.IntRange(0, 9).Draw(t, "unanswered")
		shown := consent.Disclose(m.tallies())
		requests := shown[place(consent.FigureRequests, "", "")]
		if requests.Hidden {
			return
		}
		rest := requests.Count
		hidden := 0
		for _, f := range []consent.Figure{consent.FigureGrants, consent.FigureRefusals} {
			rest -= shown[place(f, "", "")].Count
			if shown[place(f, "", "")].Hidden {
				hidden++
			}
		}
		if hidden == 0 && rest > 0 && rest < consent.MinPersons {
			t.Fatalf("%+v: %d gave no answer", m, rest)
		}
		if hidden > 0 && rest-(hidden-1) < consent.MinPersons-1 {
			t.Fatalf("%+v: a hidden answer is less than %d", m, rest-(hidden-1)+1)
		}
	})
}

// One month more or less: the difference between two sums is what is shown of a month.
func TestSumsOfMonthsHoldOnlyWhatIsShown(t *testing.T) {
	months := []consent.Shown{{Count: 12}, {Hidden: true}, {Count: 8}, {}}
	if got := consent.Sum(months); got != (consent.Shown{Count: 20, Hidden: true}) {
		t.Errorf("got %+v", got)
	}
	if got := consent.Sum(months[2:]); got != (consent.Shown{Count: 8}) {
		t.Errorf("got %+v", got)
	}
}

func TestAGroupIsToldWhenBothSidesAreOfMany(t *testing.T) {
	const canteen = "tarification-cantine"
	for name, c := range map[string]struct {
		all   int
		tally consent.Tally
		want  consent.Shown
	}{
		"many with, many without": {20, consent.Tally{Count: 12, Persons: 12, Others: 8}, consent.Shown{Count: 12}},
		"all with it":             {20, consent.Tally{Count: 20, Persons: 20}, consent.Shown{Count: 20}},
		"all without it":          {20, consent.Tally{Others: 20}, consent.Shown{}},
		"two without":             {20, consent.Tally{Count: 18, Persons: 18, Others: 2}, consent.Shown{Hidden: true}},
		"two with":                {20, consent.Tally{Count: 2, Persons: 2, Others: 18}, consent.Shown{Hidden: true}},
		"of a hidden purpose":     {3, consent.Tally{Others: 3}, consent.Shown{Hidden: true}},
	} {
		c.tally.Place = usesFor(canteen, consent.GroupEnfants)
		whole := consent.Tally{Place: usesFor(canteen, ""), Count: c.all, Persons: c.all}
		if got := consent.Disclose([]consent.Tally{c.tally, whole})[c.tally.Place]; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// Of a purpose with two data sets, the groups of one and the whole leave the other.
func TestASmallDataSetHidesTheGroupsBesideIt(t *testing.T) {
	whole := consent.Place{Month: consent.Period{Year: 2026, Month: 11}, Figure: consent.FigureAccesses, Purpose: "aides-sociales-facultatives"}
	group := func(g consent.DataGroup, persons, inSet int) consent.Tally {
		p := whole
		p.Group = g
		return consent.Tally{Place: p, Count: persons, Persons: persons, InSet: inSet}
	}
	for name, c := range map[string]struct {
		few  int
		want consent.Shown
	}{"two persons": {2, consent.Shown{Hidden: true}}, "many": {7, consent.Shown{Count: 20}}} {
		one, other := group("quotient_familial", 20, 20), group("allocation_adulte_handicape", c.few, c.few)
		shown := consent.Disclose([]consent.Tally{{Place: whole, Count: 20 + c.few, Persons: 20 + c.few}, one, other})
		if got := shown[one.Place]; got != c.want || shown[other.Place].Hidden != (c.few < consent.MinPersons) {
			t.Errorf("%s: %+v, %+v", name, got, shown[other.Place])
		}
	}
}
