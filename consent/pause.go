package consent

import "context"

// Pause stops a live consent for as long as its citizen wishes: checks that begin
// after it returns are refused. Pausing twice is not an error. It fails with
// NotFound when the grant is not this citizen's, and with the grant's own Codes
// when there is nothing left to pause.
func (s *Service) Pause(ctx context.Context, subject SubjectID, grantID string) error {
	return s.setPaused(ctx, subject, grantID, true)
}

// Resume takes a pause back. It fails like Pause.
func (s *Service) Resume(ctx context.Context, subject SubjectID, grantID string) error {
	return s.setPaused(ctx, subject, grantID, false)
}

func (s *Service) setPaused(ctx context.Context, subject SubjectID, grantID string, paused bool) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		if _, err := tx.Grant(ctx, subject, grantID); err != nil {
			return err
		}
		g, err := tx.LockGrant(ctx, grantID)
		if err != nil {
			return err
		}
		if err := g.Live(s.Now()); err != nil && g.Status != GrantPaused {
			return err
		}
		done, err := tx.PauseGrant(ctx, subject, grantID, paused, s.Now())
		if err != nil || !done {
			return err
		}
		kind := EntryResumed
		if paused {
			kind = EntryPaused
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: s.Now(), Kind: kind, Subject: subject, ClientID: g.ClientID, Ref: g.ID, GrantID: g.ID})
	})
}
