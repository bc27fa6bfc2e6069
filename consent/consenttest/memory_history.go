package consenttest

import (
	"context"

	"portail.example/consent"
)

func (v *view) GrantHistory(_ context.Context, g consent.Grant) (out []consent.GrantFact, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, e := range v.t.ledger {
		if e.Subject == g.Subject && e.Ref == g.ID {
			d := v.t.behind(e, g.RequestID)
			out = append(out, consent.GrantFact{At: e.At, Kind: e.Kind, Version: d.Statement.Version, DecisionID: d.ID})
		}
	}
	return out, nil
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
