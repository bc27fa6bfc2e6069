package consent

import (
	"context"
	"time"
)

// Withdraw takes a consent back (GDPR article 7(3)). When it returns, no check
// that begins afterwards succeeds. Withdrawing twice is not an error, and the first
// reason stays. It fails with NotFound when the grant is not this citizen's, and with
// InvalidRequest, which names reason, for one that is not offered.
func (s *Service) Withdraw(ctx context.Context, subject SubjectID, grantID string, why Reason) (Grant, error) {
	if err := why.check(); err != nil {
		return Grant{}, err
	}
	var g Grant
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if _, err = tx.Grant(ctx, subject, grantID); err != nil {
			return err
		}
		g, _, err = s.withdraw(ctx, tx, subject, grantID, why)
		return err
	})
	return g, err
}

// withdraw writes a withdrawal and its evidence; false when there was nothing left
// to withdraw.
func (s *Service) withdraw(ctx context.Context, tx Tx, subject SubjectID, grantID string, why Reason) (g Grant, done bool, err error) {
	if g, err = tx.LockGrant(ctx, grantID); err != nil {
		return g, false, err
	}
	now := s.Now()
	if done, err = tx.WithdrawGrant(ctx, subject, grantID, why, now); err != nil || !done {
		return g, false, err
	}
	g.Status, g.WithdrawnAt, g.Reason, g.PausedAt = GrantTakenBack, now, why, time.Time{}
	entry := LedgerEntry{At: now, Kind: EntryWithdrawn, Subject: subject, ClientID: g.ClientID, Ref: g.ID, GrantID: g.ID}
	if err := tx.AppendLedger(ctx, entry); err != nil {
		return g, false, err
	}
	event := Event{At: now, Type: EventWithdrawn, ClientID: g.ClientID, Subject: subject, Sub: g.Sub, GrantID: g.ID, Recipient: g.Details.Recipient}
	return g, true, tx.AppendEvent(ctx, event)
}
