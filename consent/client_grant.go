package consent

import "context"

// ClientGrant is a consent as its administration sees it (Grant Management for
// OAuth 2.0). It fails with NotFound for anybody else's.
func (s *Service) ClientGrant(ctx context.Context, client Client, grantID string) (Grant, error) {
	var g Grant
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		g, err = s.ownGrant(ctx, tx, client, grantID)
		return err
	})
	return g, err
}

// RelinquishGrant is the administration giving a consent up: its purpose is
// fulfilled, and nothing should be left lying about (GDPR article 5(1)(c) and
// (e)). Every token of it is dead at once; the citizen sees who ended it. Doing
// it twice is no error. It fails with NotFound for anybody else's.
func (s *Service) RelinquishGrant(ctx context.Context, client Client, grantID string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		g, err := s.ownGrant(ctx, tx, client, grantID)
		if err != nil {
			return err
		}
		now := s.Now()
		done, err := tx.RelinquishGrant(ctx, g.Subject, g.ID, now)
		if err != nil || !done {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: now, Kind: EntryRelinquished, Subject: g.Subject, ClientID: g.ClientID, Ref: g.ID, GrantID: g.ID})
	})
}

func (s *Service) ownGrant(ctx context.Context, tx Tx, client Client, grantID string) (Grant, error) {
	g, err := tx.LockGrant(ctx, grantID)
	if err == nil && g.ClientID != client.ID {
		err = Refuse(NotFound, "grant_id", "not a consent of this client")
	}
	if err != nil {
		return Grant{}, err
	}
	return g, nil
}
