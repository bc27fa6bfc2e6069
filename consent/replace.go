package consent

import (
	"context"
	"slices"
)

// replace ends the smaller consents that a new one covers, once its client holds
// it: the citizen then has one consent to withdraw, not two.
func (s *Service) replace(ctx context.Context, tx Tx, g Grant) error {
	if g.Details.Access != Continuous {
		return nil
	}
	now := s.Now()
	former, err := tx.ReplaceGrants(ctx, g, now)
	if err != nil {
		return err
	}
	for _, id := range former {
		entry := LedgerEntry{At: now, Kind: EntryReplaced, Subject: g.Subject, ClientID: g.ClientID, Ref: id, RequestID: g.RequestID, GrantID: id}
		if err := tx.AppendLedger(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

// Held are the data groups of a request that its citizen already shares with the
// same administration for the same purpose: only the others are new. A request
// that asks for a fresh screen gets a whole one.
func (s *Service) Held(ctx context.Context, r Request) ([]DataGroup, error) {
	if r.Subject == "" || r.ForcePrompt || r.Details.Access != Continuous {
		return nil, nil
	}
	grants, err := s.grants(ctx, GrantQuery{Subject: r.Subject, At: s.Now(), Party: r.Party(), Limit: maxHeld})
	if err != nil {
		return nil, err
	}
	var held []DataGroup
	for _, g := range grants {
		if g.Live(s.Now()) == nil && g.Details.sameUse(r.Details) {
			held = append(held, g.Details.Groups...)
		}
	}
	return slices.DeleteFunc(slices.Clone(r.Details.Groups), func(g DataGroup) bool { return !slices.Contains(held, g) }), nil
}
