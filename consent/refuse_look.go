package consent

import "context"

// endLooks ends the monthly look under what the citizen shares already for the same use,
// when they refuse it: whatever else they chose, and whether or not the administration
// ever takes its answer.
func (s *Service) endLooks(ctx context.Context, tx Tx, a Answer, r Request) error {
	if !r.Details.Watch || !a.Unwatched {
		return nil
	}
	grants, err := tx.Grants(ctx, GrantQuery{Subject: r.Subject, At: s.Now(), Party: r.Party(), Limit: maxHeld})
	if err != nil {
		return err
	}
	for _, g := range grants {
		if !g.Details.Watch || !g.Open(s.Now()) || !g.Details.sameUse(r.Details) {
			continue
		}
		same, err := sameParameters(ctx, tx, g, r)
		if err == nil && same {
			err = s.endLook(ctx, tx, g)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) endLook(ctx context.Context, tx Tx, g Grant) error {
	g.Details.Watch = false
	if done, err := tx.ReduceGrant(ctx, g); err != nil || !done { // one that ended has no looks
		return err
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: s.Now(), Kind: EntryReduced, Subject: g.Subject, ClientID: g.ClientID, Ref: g.ID, RequestID: g.RequestID, GrantID: g.ID})
}
