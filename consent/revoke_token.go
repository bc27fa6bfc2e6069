package consent

import "context"

// RevokeToken ends the family of a consent token of the caller's own: the client
// no longer needs what one code gave (RFC 7009). The consent itself stands; to
// give that up there is RelinquishGrant. A token that is not known is no error;
// another client's fails with UnauthorizedClient.
func (s *Service) RevokeToken(ctx context.Context, client Client, grantID, tokenID string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		g, err := tx.LockGrant(ctx, grantID)
		if err != nil {
			return unlessAbsent(err)
		}
		t, err := tx.AccessToken(ctx, g.Subject, tokenID)
		if err != nil {
			return unlessAbsent(err)
		}
		return s.revokeOwn(ctx, tx, client, g.ClientID, t.Subject, t.Family, g.ID)
	})
}

// RevokeRefreshToken does the same from a refresh token.
func (s *Service) RevokeRefreshToken(ctx context.Context, client Client, refreshToken string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		t, err := tx.LockRefreshToken(ctx, HashOf(refreshToken))
		if err != nil {
			return unlessAbsent(err)
		}
		return s.revokeOwn(ctx, tx, client, t.ClientID, t.Subject, t.Family, t.GrantID)
	})
}

func (s *Service) revokeOwn(ctx context.Context, tx Tx, client Client, owner string, subject SubjectID, family, grantID string) error {
	if owner != client.ID {
		return Refuse(UnauthorizedClient, "token", "issued to another client")
	}
	return s.revokeFamily(ctx, tx, subject, family, owner, grantID)
}

func unlessAbsent(err error) error {
	if CodeOf(err) == NotFound {
		return nil
	}
	return err
}
