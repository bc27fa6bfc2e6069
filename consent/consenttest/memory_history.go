package consenttest

import (
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

func (v *view) GrantHistory(_ context.Context, g consent.Grant) (out []consent.GrantFact, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, e := range v.t.ledger {
		if e.Subject == g.Subject && e.Ref == g.ID {
			d := v.t.behind(e, g.RequestID)
			fact := consent.GrantFact{At: e.At, Kind: e.Kind, Version: d.Statement.Version, DecisionID: d.ID}
			if d.ID != "" {
				fact.Text = d.Statement.Hash()
			}
			out = append(out, fact)
		}
	}
	return out, nil
}

func (v *view) TokenUse(_ context.Context, subject consent.SubjectID, grants ...string) (u consent.TokenUse, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	last, families := map[string]time.Time{}, map[string]int{}
	for _, t := range v.t.tokens {
		if t.Subject != subject || !slices.Contains(grants, t.GrantID) {
			continue
		}
		families[t.Family]++
		last[t.Family] = later(last[t.Family], t.IssuedAt)
		u.Until = later(u.Until, t.ExpiresAt)
	}
	for family, n := range families {
		if u.Renewed += n - 1; n > 1 {
			u.RenewedAt = later(u.RenewedAt, last[family])
		}
	}
	return u, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// behind is the decision that led to a grant or a reduction.
func (t *tables) behind(e consent.LedgerEntry, requestID string) consent.Decision {
	for _, d := range t.decisions {
		decided := e.Kind == consent.EntryGrant || e.Kind == consent.EntryReduced
		if decided && d.Subject == e.Subject && d.RequestID == requestID && d.At.Equal(e.At) {
			return d
		}
	}
	return consent.Decision{}
}
