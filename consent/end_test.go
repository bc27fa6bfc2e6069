package consent_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
)

func TestTheEndsOfferedAreThoseWithinWhatWasAsked(t *testing.T) {
	today := consent.Date{Year: 2026, Month: time.November, Day: 24}
	school, year := consent.Date{Year: 2027, Month: time.August, Day: 31}, consent.Date{Year: 2027, Month: time.November, Day: 24}
	late, soon := consent.Date{Year: 2027, Month: time.December, Day: 24}, consent.Date{Year: 2027, Month: time.January, Day: 5}
	once, day := consent.End{Kind: consent.EndOnce}, consent.End{Kind: consent.EndDate}
	cases := map[string]struct {
		purpose string
		access  consent.AccessMode
		ends    consent.Date
		held    bool
		want    []consent.End
	}{
		"longer than a year":      {"tarification-cantine", consent.Continuous, late, false, []consent.End{{Kind: consent.EndAsked, On: late}, {Kind: consent.EndOneYear, On: year}, {Kind: consent.EndSchoolYear, On: school}, once, day}},
		"the school year":         {"tarification-cantine", consent.Continuous, school, false, []consent.End{{Kind: consent.EndAsked, On: school}, once, day}},
		"a few weeks":             {"tarification-cantine", consent.Continuous, soon, false, []consent.End{{Kind: consent.EndAsked, On: soon}, once, day}},
		"beside an older consent": {"tarification-cantine", consent.Continuous, soon, true, []consent.End{{Kind: consent.EndAsked, On: soon}, day}},
		"a purpose not known":     {"unknown", consent.Continuous, soon, false, []consent.End{{Kind: consent.EndAsked, On: soon}, day}},
		"once":                    {"tarification-cantine", consent.Once, soon, false, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			details := consent.Details{Purpose: c.purpose, Access: c.access, EndsOn: c.ends}
			if diff := cmp.Diff(c.want, details.Ends(today, c.held)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
