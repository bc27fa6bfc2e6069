package consent_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
)

var judged = consent.Date{Year: 2026, Month: time.November, Day: 25}

func ago(days int) consent.Date { return consent.DateOf(judged.Time().AddDate(0, 0, -days)) }

// weeks are the same day, each of the four weeks before.
func weeks(d consent.AccessDay) (out []consent.AccessDay) {
	for n := 1; n <= consent.UsualDays; n++ {
		d.Day = ago(n)
		out = append(out, d)
	}
	return out
}

func TestUnusualDays(t *testing.T) {
	today := func(d consent.AccessDay) consent.AccessDay { d.Day = judged; return d }
	found := func(kind consent.UnusualKind, calls, usual int) consent.Unusual {
		return consent.Unusual{Kind: kind, Day: judged, Calls: consent.Shown{Count: calls}, Usual: consent.Shown{Count: usual}}
	}
	for name, c := range map[string]struct {
		before []consent.AccessDay
		today  consent.AccessDay
		want   []consent.Unusual
	}{
		"a day like the others":           {weeks(consent.AccessDay{Calls: 100}), consent.AccessDay{Calls: 120}, nil},
		"three times as many":             {weeks(consent.AccessDay{Calls: 100}), consent.AccessDay{Calls: 300}, nil},
		"more than three times as many":   {weeks(consent.AccessDay{Calls: 100}), consent.AccessDay{Calls: 301}, []consent.Unusual{found(consent.UnusualVolume, 301, 100)}},
		"many times as many, and few":     {weeks(consent.AccessDay{Calls: 5}), consent.AccessDay{Calls: 49}, nil},
		"many, out of nothing":            {nil, consent.AccessDay{Calls: 50}, []consent.Unusual{found(consent.UnusualVolume, 50, 0)}},
		"at night, as never":              {weeks(consent.AccessDay{Calls: 100}), consent.AccessDay{Calls: 100, Night: 5}, []consent.Unusual{found(consent.UnusualNight, 5, 0)}},
		"at night, as always":             {weeks(consent.AccessDay{Calls: 100, Night: 2}), consent.AccessDay{Calls: 100, Night: 80}, nil},
		"at night, a few":                 {nil, consent.AccessDay{Calls: 4, Night: 4}, nil},
		"at night, as twice":              {weeks(consent.AccessDay{Night: 1})[:2], consent.AccessDay{Calls: 5, Night: 5}, []consent.Unusual{found(consent.UnusualNight, 5, 0)}},
		"at night, as three times":        {weeks(consent.AccessDay{Night: 1})[:3], consent.AccessDay{Calls: 5, Night: 5}, nil},
		"after a withdrawal":              {nil, consent.AccessDay{Calls: 1, Withdrawn: 1}, []consent.Unusual{{Kind: consent.UnusualWithdrawn, Day: judged, Calls: consent.Shown{Hidden: true}}}},
		"after many":                      {nil, consent.AccessDay{Calls: 9, Withdrawn: 9}, []consent.Unusual{found(consent.UnusualWithdrawn, 9, 0)}},
		"the usual is of days with calls": {weeks(consent.AccessDay{Calls: 40})[:9], consent.AccessDay{Calls: 120}, nil},
	} {
		if got := consent.UnusualOn(append(c.before, today(c.today)), judged); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %s", name, cmp.Diff(c.want, got))
		}
	}
}

// Each of the last seven days is judged by the four weeks before it, and no older one.
func TestAWeekIsJudged(t *testing.T) {
	day := func(n int) consent.AccessDay { return consent.AccessDay{Day: ago(n), Calls: 60} }
	got := consent.UnusualOn([]consent.AccessDay{day(7), day(6), day(0)}, judged)
	if len(got) != 0 { // the seventh day made the sixth usual, which made today usual
		t.Errorf("got %+v", got)
	}
	got = consent.UnusualOn([]consent.AccessDay{day(40), day(6), day(0)}, judged)
	if len(got) != 1 || got[0].Day != ago(6) {
		t.Errorf("got %+v", got)
	}
}

// A few calls on a usual day are a few persons'.
func TestAFewUsualCallsAreHidden(t *testing.T) {
	got := consent.UnusualOn(append(weeks(consent.AccessDay{Calls: 4}), consent.AccessDay{Day: judged, Calls: 50}), judged)
	if len(got) != 1 || got[0].Usual != (consent.Shown{Hidden: true}) {
		t.Errorf("got %+v", got)
	}
}
