package postgres

import (
	"time"

	"portail.example/consent"
)

// The domain says "none" with zero values, SQL with NULL. These translate.

func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func orZero[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// utc reads an instant; pgx gives the session's zone.
func utc(p *time.Time) time.Time {
	if p == nil {
		return time.Time{}
	}
	return p.UTC()
}

// day writes a civil day.
func day(d consent.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return &t
}

// dateOf reads a civil day.
func dateOf(t *time.Time) consent.Date {
	if t == nil {
		return consent.Date{}
	}
	y, m, d := t.UTC().Date()
	return consent.Date{Year: y, Month: m, Day: d}
}

// groups writes data groups as text[]; nil becomes the empty array, which the
// constraints can judge.
func groups(in []consent.DataGroup) []string {
	out := make([]string, 0, len(in))
	for _, g := range in {
		out = append(out, string(g))
	}
	return out
}

func groupsOf(in []string) []consent.DataGroup {
	var out []consent.DataGroup
	for _, g := range in {
		out = append(out, consent.DataGroup(g))
	}
	return out
}
