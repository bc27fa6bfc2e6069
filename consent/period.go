package consent

import (
	"fmt"
	"time"
)

// PeriodOf is the civil month it is in Paris at t.
func PeriodOf(t time.Time) Period {
	day := DateOf(t)
	return Period{Year: day.Year, Month: day.Month}
}

// ParsePeriod reads YYYY-MM.
func ParsePeriod(s string) (Period, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Period{}, fmt.Errorf("month %q is not YYYY-MM", s)
	}
	return Period{Year: t.Year(), Month: t.Month()}, nil
}

// String is YYYY-MM.
func (p Period) String() string { return fmt.Sprintf("%04d-%02d", p.Year, int(p.Month)) }

// OrEmpty is YYYY-MM, empty for no month at all.
func (p Period) OrEmpty() string {
	if p == (Period{}) {
		return ""
	}
	return p.String()
}

// MarshalText makes a Period a JSON string.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// AddMonths moves by civil months.
func (p Period) AddMonths(n int) Period {
	moved := time.Date(p.Year, p.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return Period{Year: moved.Year(), Month: moved.Month()}
}

// Start is the first instant of the month in Paris.
func (p Period) Start() time.Time { return Date{p.Year, p.Month, 1}.Start() }

// After reports whether p is a later month than other.
func (p Period) After(other Period) bool { return p.Start().After(other.Start()) }
