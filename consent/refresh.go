package consent

import "context"

// Refresh renews a continuous consent's token and rotates the refresh token. A
// refresh token used twice revokes its whole family: one of the two users stole
// it (RFC 9700 section 4.14.2). Every refusal is InvalidGrant.
func (s *Service) Refresh(ctx context.Context, client Client, refreshToken string) (Issuance, error) {
	var out Issuance
	var replayed bool
	err := s.store.Transact(ctx, func(tx Tx) error {
		out, replayed = Issuance{}, false
		t, err := tx.LockRefreshToken(ctx, HashOf(refreshToken))
		if err != nil {
			return asInvalidGrant(err, "refresh_token", "unknown refresh token")
		}
		if t.ClientID != client.ID {
			return Refuse(InvalidGrant, "refresh_token", "issued to another client")
		}
		if t.Used {
			replayed = true // the revocation must commit, so this is not an error yet
			return s.revokeFamily(ctx, tx, t.Subject, t.Family, t.ClientID, t.GrantID)
		}
		out, err = s.rotate(ctx, tx, t)
		return err
	})
	if err == nil && replayed {
		err = Refuse(InvalidGrant, "refresh_token", "already used: its tokens are revoked")
	}
	return out, err
}

func (s *Service) rotate(ctx context.Context, tx Tx, t RefreshToken) (Issuance, error) {
	if t.FamilyRevoked {
		return Issuance{}, Refuse(InvalidGrant, "refresh_token", "revoked")
	}
	g, err := s.liveGrant(ctx, tx, t.GrantID)
	if err != nil {
		return Issuance{}, err
	}
	used, err := tx.UseRefreshToken(ctx, t)
	if err != nil {
		return Issuance{}, err
	}
	if !used {
		return Issuance{}, Refuse(InvalidGrant, "refresh_token", "already used")
	}
	return s.issue(ctx, tx, g, t.Family)
}
