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
			out = append(out, consent.GrantFact{At: e.At, Kind: e.Kind, Version: v.t.version(e, g.RequestID)})
		}
	}
	return out, nil
}

// version is that of the text behind a grant or a reduction.
func (t *tables) version(e consent.LedgerEntry, requestID string) int {
	for _, d := range t.decisions {
		decided := e.Kind == consent.EntryGrant || e.Kind == consent.EntryReduced
		if decided && d.Subject == e.Subject && d.RequestID == requestID && d.At.Equal(e.At) {
			return d.Statement.Version
		}
	}
	return 0
}
