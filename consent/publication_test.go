package consent_test

import (
	"testing"
	"time"

	"portail.example/consent"
)

func TestTheDayTheCAFSwitches(t *testing.T) {
	for month, want := range map[consent.Period]string{
		{Year: 2026, Month: time.August}:   "2026-08-03", // begins on a Saturday
		{Year: 2026, Month: time.November}: "2026-11-09", // on a Sunday
		{Year: 2026, Month: time.June}:     "2026-06-08", // on a Monday
		{Year: 2026, Month: time.May}:      "2026-05-04", // on a Friday
		{Year: 2027, Month: time.January}:  "2027-01-04",
	} {
		if got := month.PublishedFrom(); got.String() != want {
			t.Errorf("%v: %v, want %s", month, got, want)
		} else if got.Time().Weekday() != time.Monday {
			t.Errorf("%v is no Monday", got)
		}
	}
}

func TestAMonthIsNotYetPublishedOnlyWhileItBegins(t *testing.T) {
	november := consent.Period{Year: 2026, Month: time.November}
	for at, want := range map[string]bool{
		"2026-10-31T22:59:59Z": false, // still October in Paris: a month to come is refused elsewhere
		"2026-10-31T23:00:00Z": true,
		"2026-11-08T22:59:59Z": true,
		"2026-11-08T23:00:00Z": false,
		"2026-12-01T12:00:00Z": false,
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := november.NotYet(now); got != want {
			t.Errorf("%s: %v", at, got)
		}
	}
	if got := (consent.Period{Year: 2026, Month: time.January}).Before(); got != (consent.Period{Year: 2025, Month: time.December}) {
		t.Errorf("before January: %v", got)
	}
}
