package consenttest

import (
	"context"
	"slices"
	"strings"
	"time"

	"portail.example/consent"
)

func (v *view) Measures(_ context.Context, subject consent.SubjectID) ([]consent.Measure, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.t.measuresOf(subject, func(m consent.Measure) bool { return m.LiftedAt.IsZero() }), nil
}

func (v *view) Measure(_ context.Context, subject consent.SubjectID, id string) (consent.Measure, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return first(v.t.measures, func(m consent.Measure) bool { return m.Subject == subject && m.ID == id })
}

// measuresOf are the citizen's that are wanted, oldest first.
func (t *tables) measuresOf(subject consent.SubjectID, wanted func(consent.Measure) bool) (out []consent.Measure) {
	for _, m := range t.measures {
		if m.Subject == subject && wanted(m) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b consent.Measure) int { return newest(b.SetAt, a.SetAt, a.ID, b.ID) })
	return out
}

func (v *view) PastMeasures(_ context.Context, subject consent.SubjectID, after consent.Measure, limit int) ([]consent.Measure, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := v.t.measuresOf(subject, func(m consent.Measure) bool {
		return after.ID == "" || newest(after.SetAt, m.SetAt, m.ID, after.ID) < 0
	})
	slices.Reverse(out)
	return out[:min(limit, len(out))], nil
}

func (x *memoryTx) InsertMeasure(_ context.Context, m consent.Measure) error {
	x.t.measures = append(x.t.measures, m)
	return nil
}

func (x *memoryTx) LockMeasure(_ context.Context, subject consent.SubjectID, id string) (consent.Measure, error) {
	return first(x.t.measures, func(m consent.Measure) bool { return m.Subject == subject && m.ID == id })
}

func (x *memoryTx) UpdateMeasure(_ context.Context, m consent.Measure) error {
	x.t.measures[slices.IndexFunc(x.t.measures, func(known consent.Measure) bool { return known.ID == m.ID })] = m
	return nil
}

func (x *memoryTx) RestrictGrants(_ context.Context, subject consent.SubjectID, of consent.SIRET, at time.Time) ([]consent.Grant, error) {
	return x.setRestricted(subject, at, func(g consent.Grant) bool {
		return g.RestrictedAt.IsZero() && (of == "" || of == g.Details.Recipient)
	}), nil
}

func (x *memoryTx) FreeGrants(_ context.Context, subject consent.SubjectID, but []consent.SIRET) ([]consent.Grant, error) {
	return x.setRestricted(subject, time.Time{}, func(g consent.Grant) bool {
		return !g.RestrictedAt.IsZero() && !slices.Contains(but, g.Details.Recipient)
	}), nil
}

func (x *memoryTx) setRestricted(subject consent.SubjectID, at time.Time, which func(consent.Grant) bool) (out []consent.Grant) {
	for id, g := range x.t.grants {
		if open := g.Status == consent.GrantActive || g.Status == consent.GrantPaused; open && g.Subject == subject && which(g) {
			g.RestrictedAt = at
			x.t.grants[id] = g
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b consent.Grant) int { return strings.Compare(a.ID, b.ID) })
	return out
}
