package consenttest

import (
	"context"
	"time"

	"portail.example/consent"
)

// revoked tells a token that was revoked, alone or with its family.
func (t *tables) revoked(a consent.AccessToken) bool {
	return a.Revoked || t.families[a.Family].revoked
}

func (x *memoryTx) ReduceGrant(_ context.Context, left consent.Grant) (bool, error) {
	return x.changeGrant(left.Subject, left.ID,
		func(g consent.Grant) bool {
			return (g.Status == consent.GrantActive || g.Status == consent.GrantPaused) && g.Details.Covers(left.Details)
		},
		func(g *consent.Grant) { g.Details, g.ExpiresAt = left.Details, left.ExpiresAt }), nil
}

func (x *memoryTx) RevokeTokens(_ context.Context, subject consent.SubjectID, grantID string, _ time.Time) error {
	for id, a := range x.t.tokens {
		if a.Subject == subject && a.GrantID == grantID {
			a.Revoked = true
			x.t.tokens[id] = a
		}
	}
	return nil
}

func (v *view) LastRelease(_ context.Context, subject consent.SubjectID, grantID string) (last time.Time, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, a := range v.t.accesses {
		served := a.Outcome == consent.Released || a.Outcome == consent.Verified
		if a.Subject == subject && a.GrantID == grantID && served && a.ClosedAt.After(last) {
			last = a.ClosedAt
		}
	}
	return last, nil
}
