package consent

import (
	"context"
	"slices"
	"time"
)

// GrantFact is one thing that happened to a consent, as the evidence holds it, or as
// it follows from what is stored.
type GrantFact struct {
	At   time.Time
	Kind EntryKind
	// Version is that of the text that was read; zero when nothing was decided.
	Version int
	// Text is the hash of the text that was read; zero when nothing was decided.
	Text Hash
	// DecisionID is the answer behind it, which has a receipt; empty when nothing was
	// decided.
	DecisionID string
	// Count is how often it happened, At being the last time; zero for things that
	// happen once.
	Count int
}

// What follows from a request, from tokens and from the end that was agreed: none of
// it is an entry about the consent.
const (
	FactAsked   EntryKind = "asked"
	FactRenewed EntryKind = "renewed"
	FactExpired EntryKind = "expired"
)

// TokenUse is what was issued under a consent, or under several.
type TokenUse struct {
	// Renewed counts the tokens after the first of each family, and RenewedAt is when
	// the last of them was issued; zero without any.
	Renewed   int
	RenewedAt time.Time
	// Until is the end of the last token; zero when none was issued.
	Until time.Time
}

// VerifierSkew is how far the clock of an offline verifier may be behind ours.
const VerifierSkew = time.Minute

// QuietEverywhere is from when on nobody takes a token of a consent that was paused or
// ended: we take none since QuietSince, whoever reads our status lists a minute later
// at most, and whoever never asks us until the last token ends by itself.
func (v GrantView) QuietEverywhere() time.Time {
	since, until := v.QuietSince(), v.Tokens.Until
	if until.IsZero() || !until.Add(VerifierSkew).After(since) {
		return since
	}
	return until.Add(VerifierSkew)
}

// recall gathers all that happened to the consent of a view.
func (s *Service) recall(ctx context.Context, view *GrantView) (err error) {
	g := view.Grant
	if view.History, err = s.store.GrantHistory(ctx, g); err != nil {
		return err
	}
	if view.Tokens, err = s.store.TokenUse(ctx, g.Subject, g.ID); err != nil {
		return err
	}
	asked, err := s.store.Request(ctx, g.RequestID)
	if err != nil {
		return err
	}
	view.History = append([]GrantFact{{At: asked.CreatedAt, Kind: FactAsked}}, view.History...)
	if view.Tokens.Renewed > 0 {
		view.History = append(view.History, GrantFact{At: view.Tokens.RenewedAt, Kind: FactRenewed, Count: view.Tokens.Renewed})
	}
	if g.StatusAt(s.Now()) == GrantEnded {
		view.History = append(view.History, GrantFact{At: g.ExpiresAt, Kind: FactExpired})
	}
	slices.SortStableFunc(view.History, func(a, b GrantFact) int { return a.At.Compare(b.At) })
	return nil
}
