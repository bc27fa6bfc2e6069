package consent

import "context"

// Withdraw takes a consent back (GDPR article 7(3)). When it returns, no check
// that begins afterwards succeeds. Withdrawing twice is not an error. It fails
// with NotFound when the grant is not this citizen's.
func (s *Service) Withdraw(ctx context.Context, subject SubjectID, grantID string) (Grant, error) {
	var g Grant
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if _, err = tx.Grant(ctx, subject, grantID); err != nil {
			return err
		}
		if g, err = tx.LockGrant(ctx, grantID); err != nil {
			return err
		}
		now := s.Now()
		done, err := tx.WithdrawGrant(ctx, subject, grantID, now)
		if err != nil || !done {
			return err
		}
		g.Status, g.WithdrawnAt = GrantTakenBack, now
		entry := LedgerEntry{At: now, Kind: EntryWithdrawn, Subject: subject, ClientID: g.ClientID, Ref: g.ID, GrantID: g.ID}
		if err := tx.AppendLedger(ctx, entry); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{At: now, Type: EventWithdrawn, ClientID: g.ClientID, Subject: subject, Sub: g.Sub, GrantID: g.ID, Recipient: g.Details.Recipient})
	})
	return g, err
}
