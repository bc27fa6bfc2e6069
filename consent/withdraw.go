package consent

import (
	"context"
	"time"
)

// Withdraw takes a consent back (GDPR article 7(3)). When it returns, no check
// that begins afterwards succeeds. Withdrawing twice is not an error. It fails
// with NotFound when the grant is not this citizen's.
func (s *Service) Withdraw(ctx context.Context, subject SubjectID, grantID string) (Grant, error) {
	var g Grant
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if _, err = tx.Grant(ctx, subject, grantID); err != nil {
			return err
		}
		g, _, err = s.withdraw(ctx, tx, subject, grantID)
		return err
	})
	return g, err
}

// withdraw writes a withdrawal and its evidence; false when there was nothing left
// to withdraw.
func (s *Service) withdraw(ctx context.Context, tx Tx, subject SubjectID, grantID string) (g Grant, done bool, err error) {
	if g, err = tx.LockGrant(ctx, grantID); err != nil {
		return g, false, err
	}
	now := s.Now()
	if done, err = tx.WithdrawGrant(ctx, subject, grantID, now); err != nil || !done {
		return g, false, err
	}
	g.Status, g.WithdrawnAt, g.PausedAt = GrantTakenBack, now, time.Time{}
	entry := LedgerEntry{At: now, Kind: EntryWithdrawn, Subject: subject, ClientID: g.ClientID, Ref: g.ID, GrantID: g.ID}
	if err := tx.AppendLedger(ctx, entry); err != nil {
		return g, false, err
	}
	event := Event{At: now, Type: EventWithdrawn, ClientID: g.ClientID, Subject: subject, Sub: g.Sub, GrantID: g.ID, Recipient: g.Details.Recipient}
	return g, true, tx.AppendEvent(ctx, event)
}
