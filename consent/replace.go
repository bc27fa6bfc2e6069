package consent

import (
	"context"
	"slices"
	"time"
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

// Held is what a citizen already shares with the same administration for the same
// purpose.
type Held struct {
	// Groups of the request are shared already: only the others are new.
	Groups []DataGroup
	// Outdated is when the citizen agreed to texts that asked for something else than
	// today's: it is why they are asked again. Zero when they did not.
	Outdated time.Time
}

// Held tells what of a request is new to its citizen. A request that asks for a fresh
// screen gets a whole one, and so does one after the purpose changed.
func (s *Service) Held(ctx context.Context, r Request) (out Held, err error) {
	if r.Subject == "" || r.ForcePrompt || r.Details.Access != Continuous {
		return out, nil
	}
	grants, err := s.grants(ctx, GrantQuery{Subject: r.Subject, At: s.Now(), Party: r.Party(), Limit: maxHeld})
	if err != nil {
		return out, err
	}
	var held []DataGroup
	for _, g := range grants {
		if g.Live(s.Now()) != nil || !g.Details.sameUse(r.Details) {
			continue
		}
		if same, err := sameParameters(ctx, s.store, g, r); err != nil {
			return out, err
		} else if !same {
			continue
		}
		at, outdated, err := s.outdated(ctx, s.store, g)
		switch {
		case err != nil:
			return out, err
		case !outdated:
			held = append(held, g.Details.Groups...)
		case at.After(out.Outdated):
			out.Outdated = at
		}
	}
	out.Groups = slices.DeleteFunc(slices.Clone(r.Details.Groups), func(g DataGroup) bool { return !slices.Contains(held, g) })
	return out, nil
}
