package consent

import (
	"fmt"
	"time"
	_ "time/tzdata" // end dates are civil days in Paris, also on a machine without zone files
)

// Paris is the zone in which citizens read dates and in which end dates end.
var Paris = mustLoad("Europe/Paris")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zone is embedded: this cannot happen in a built binary
	}
	return zone
}

// Date is a civil day in Europe/Paris. The zero Date means "none".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q is not YYYY-MM-DD", s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// DateOf is the civil day it is in Paris at t.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Paris).Date()
	return Date{y, m, d}
}

// IsZero reports whether no date was given.
func (d Date) IsZero() bool { return d == Date{} }

// String is YYYY-MM-DD, or "" for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText makes a Date a JSON string.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// Time is noon of that day in Paris: an instant safe to format in that zone.
func (d Date) Time() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, Paris)
}

// Start is the first instant of that day.
func (d Date) Start() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Paris).UTC()
}

// End is the first instant after that day: end dates are inclusive.
func (d Date) End() time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, Paris).UTC()
}

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Time().After(other.Time()) }

// daysUntil are the civil days to another day; negative when it is before d.
func (d Date) daysUntil(other Date) int {
	utc := func(d Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) } // days of 24 hours
	return int(utc(other).Sub(utc(d)) / (24 * time.Hour))
}

// AddMonths moves by civil months; 31 August plus 6 months is the last day of
// February, never 3 March.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 12, 0, 0, 0, Paris)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// EndOfSchoolYear is the 31 August that ends the school year of day d; from
// 1 August on, families prepare the next one.
func EndOfSchoolYear(d Date) Date {
	year := d.Year
	if d.Month >= time.August {
		year++
	}
	return Date{year, time.August, 31}
}
