package consent

import "context"

// Standing is what is known of an issued token and the consent behind it.
type Standing struct {
	Client Client
	Token  AccessToken
	Grant  Grant
	// Suspended tells that the client's registration is.
	Suspended bool
}

// ClientAsking finds a client as Client does, and in the same look-up the standing
// of a consent token issued to it; nil when there is none such.
func (s *Service) ClientAsking(ctx context.Context, id, grantID, tokenID string) (Client, *Standing, error) {
	standing, err := s.store.Standing(ctx, id, grantID, tokenID)
	if CodeOf(err) == NotFound {
		c, err := s.Client(ctx, id)
		return c, nil, err
	}
	if err != nil {
		return Client{}, nil, err
	}
	return standing.Client, &standing, standing.Client.Usable()
}

// Introspect judges what ClientAsking found of a consent token of the caller's own
// (RFC 7662): nil error when it still allows something. It fails with TokenRevoked
// when the token is unknown, revoked, expired or another client's, and with the
// grant's own Codes.
func (s *Service) Introspect(ctx context.Context, client Client, found *Standing) (Standing, error) {
	if found == nil || found.Grant.ClientID != client.ID {
		return Standing{}, Refuse(TokenRevoked, "", "unknown, or issued to another client")
	}
	standing := *found
	switch {
	case standing.Token.Revoked || standing.Suspended || !s.Now().Before(standing.Token.ExpiresAt):
		return Standing{}, Refuse(TokenRevoked, "", "revoked or expired")
	}
	err := standing.Grant.Live(s.Now())
	if err != nil {
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
