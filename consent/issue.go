package consent

import (
	"context"
	"slices"
)

// issue records one consent token of a family, its ledger line and, for a
// continuous consent, the next refresh token.
func (s *Service) issue(ctx context.Context, tx Tx, g Grant, family, jkt string) (Issuance, error) {
	now := s.Now()
	expires := now.Add(s.limits.Token)
	if g.ExpiresAt.Before(expires) {
		expires = g.ExpiresAt // a token never outlives its consent
	}
	token, err := tx.InsertAccessToken(ctx, AccessToken{
		ID: NewID(), Family: family, GrantID: g.ID, Subject: g.Subject,
		Status: StatusRef{List: StatusListAt(now)}, IssuedAt: now, ExpiresAt: expires,
	})
	if err != nil {
		return Issuance{}, err
	}
	entry := LedgerEntry{At: now, Kind: EntryToken, Subject: g.Subject, ClientID: g.ClientID, Ref: token.ID, GrantID: g.ID}
	if err := tx.AppendLedger(ctx, entry); err != nil {
		return Issuance{}, err
	}
	out := Issuance{Token: token, Grant: g, JKT: jkt}
	if out.Audience, err = s.audienceOf(ctx, tx, g.Details); err != nil {
		return Issuance{}, err
	}
	if g.Details.Access == Once {
		return out, nil
	}
	out.RefreshToken, err = s.issueRefresh(ctx, tx, g, family, jkt)
	return out, err
}

// audienceOf is empty for our own data API. A provider that is gone or suspended
// gets no more tokens.
func (s *Service) audienceOf(ctx context.Context, tx Tx, d Details) (string, error) {
	set, _ := DataSetOf(d.Type)
	if slices.Equal(d.Locations, []string{s.location(set)}) {
		return "", nil
	}
	provider, err := tx.ProviderAt(ctx, d.Locations[0])
	if CodeOf(err) == NotFound || err == nil && provider.Suspended {
		return "", Refuse(InvalidGrant, "", "the data provider of this consent is not registered any more")
	}
	return provider.Provider.Audience, err
}

func (s *Service) issueRefresh(ctx context.Context, tx Tx, g Grant, family, jkt string) (string, error) {
	secret, hash := NewSecret()
	return secret, tx.InsertRefreshToken(ctx, RefreshToken{
		Hash: hash, Family: family, GrantID: g.ID, Subject: g.Subject, ClientID: g.ClientID, ExpiresAt: g.ExpiresAt, JKT: jkt,
	})
}

// revokeFamily ends all tokens of a family and keeps the evidence, once.
func (s *Service) revokeFamily(ctx context.Context, tx Tx, subject SubjectID, family, clientID, grantID string) error {
	now := s.Now()
	done, err := tx.RevokeFamily(ctx, subject, family, now)
	if err != nil || !done {
		return err
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: now, Kind: EntryRevoked, Subject: subject, ClientID: clientID, Ref: family, GrantID: grantID})
}
