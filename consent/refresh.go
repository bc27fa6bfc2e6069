package consent

import "context"

// Renewal is an authenticated client's call of the token endpoint with a refresh
// token.
type Renewal struct {
	Client       Client
	RefreshToken string
	JKT          string // key proved by DPoP, "" without
}

// Refresh renews a continuous consent's token and rotates the refresh token. A
// refresh token used twice revokes its whole family: one of the two users stole
// it (RFC 9700 section 4.14.2). A client that proves the key it had may repeat a
// call whose answer was lost, for a short while. Every refusal is InvalidGrant.
func (s *Service) Refresh(ctx context.Context, in Renewal) (Issuance, error) {
	var out Issuance
	var replayed bool
	err := s.store.Transact(ctx, func(tx Tx) error {
		out, replayed = Issuance{}, false
		t, err := tx.LockRefreshToken(ctx, HashOf(in.RefreshToken))
		if err != nil {
			return asInvalidGrant(err, "refresh_token", "unknown refresh token")
		}
		if t.ClientID != in.Client.ID {
			return Refuse(InvalidGrant, "refresh_token", "issued to another client")
		}
		if t.Used && !s.answerLost(t, in) {
			replayed = true // the revocation must commit, so this is not an error yet
			return s.revokeFamily(ctx, tx, t.Subject, t.Family, t.ClientID, t.GrantID)
		}
		out, err = s.rotate(ctx, tx, t, in)
		return err
	})
	if err == nil && replayed {
		err = Refuse(InvalidGrant, "refresh_token", "already used: its tokens are revoked")
	}
	return out, err
}

// answerLost tells a repeated call from a theft: the caller proves the very key
// the token was given to, at once, and nothing newer of the family was used.
func (s *Service) answerLost(t RefreshToken, in Renewal) bool {
	return t.JKT != "" && t.JKT == in.JKT && !t.Superseded && s.Now().Before(t.UsedAt.Add(s.limits.Grace))
}

func (s *Service) rotate(ctx context.Context, tx Tx, t RefreshToken, in Renewal) (Issuance, error) {
	if t.FamilyRevoked {
		return Issuance{}, Refuse(InvalidGrant, "refresh_token", "revoked")
	}
	if t.JKT != "" && t.JKT != in.JKT {
		return Issuance{}, Refuse(InvalidGrant, "refresh_token", "given to another key")
	}
	if err := in.Client.Bound(in.JKT); err != nil {
		return Issuance{}, err
	}
	g, err := s.liveGrant(ctx, tx, in.Client, t.GrantID)
	if err != nil {
		return Issuance{}, err
	}
	if !t.Used {
		used, err := tx.UseRefreshToken(ctx, t, s.Now())
		if err != nil {
			return Issuance{}, err
		}
		if !used {
			return Issuance{}, Refuse(InvalidGrant, "refresh_token", "already used")
		}
	}
	return s.issue(ctx, tx, g, t.Family, in.JKT)
}
