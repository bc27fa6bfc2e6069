package consent

import "context"

// Standing is what is known of an issued token and the consent behind it.
type Standing struct {
	Token AccessToken
	Grant Grant
	// Suspended tells that the client's registration is.
	Suspended bool
}

// Introspect looks at a consent token of the caller's own (RFC 7662): nil error
// when it still allows something. It fails with TokenRevoked when the token is
// unknown, revoked, expired or another client's, and with the grant's own Codes.
// It reads one row and writes nothing.
func (s *Service) Introspect(ctx context.Context, client Client, grantID, tokenID string) (Standing, error) {
	standing, err := s.store.Standing(ctx, grantID, tokenID)
	if err != nil {
		return Standing{}, asRevoked(err)
	}
	switch {
	case standing.Grant.ClientID != client.ID:
		return Standing{}, Refuse(TokenRevoked, "", "issued to another client")
	case standing.Token.Revoked || standing.Suspended || !s.Now().Before(standing.Token.ExpiresAt):
		return Standing{}, Refuse(TokenRevoked, "", "revoked or expired")
	}
	if err := standing.Grant.Live(s.Now()); err != nil {
		return Standing{}, err
	}
	standing.Grant.Details, err = narrowFor(ctx, s.store, client, standing.Grant.Details)
	return standing, err
}

// IntrospectRefresh does the same for a refresh token.
func (s *Service) IntrospectRefresh(ctx context.Context, client Client, refreshToken string) (RefreshToken, Grant, error) {
	var t RefreshToken
	var g Grant
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if t, err = tx.LockRefreshToken(ctx, HashOf(refreshToken)); err != nil {
			return asRevoked(err)
		}
		g, err = tx.Grant(ctx, t.Subject, t.GrantID)
		return err
	})
	if err == nil && (t.ClientID != client.ID || t.Used || t.FamilyRevoked) {
		err = Refuse(TokenRevoked, "", "used, revoked or another client's")
	}
	if err == nil {
		err = g.Live(s.Now())
	}
	if err == nil {
		g.Details, err = narrowFor(ctx, s.store, client, g.Details)
	}
	if err != nil {
		return RefreshToken{}, Grant{}, err
	}
	return t, g, nil
}
