package consent

import (
	"context"
	"slices"
	"time"
)

// Reduction is what a citizen still shares of a continuous consent.
type Reduction struct {
	GrantID   string
	Subject   SubjectID
	Groups    []DataGroup // kept
	EndsOn    Date        // zero keeps the end
	Unwatched bool        // no monthly look any more
	Statement Statement
	ACR       string
	AuthTime  time.Time
}

// Reduce makes a consent smaller: fewer data groups, a nearer end, no monthly look, never more. The
// smaller consent, the decision with the text that was read, the ledger entries and
// the outbox event commit together. Tokens of the larger extent are revoked; the
// administration refreshes and gets the smaller one. A paused consent stays paused.
// It fails with NotFound when the grant is not this citizen's, with the grant's own
// Codes when it is over, with NothingChosen or InvalidEndDate, and with
// InvalidRequest when nothing would change, or when there is only one release to
// allow: that one is withdrawn.
func (s *Service) Reduce(ctx context.Context, in Reduction) (Grant, error) {
	var g Grant
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if _, err = tx.Grant(ctx, in.Subject, in.GrantID); err != nil {
			return err
		}
		if g, err = tx.LockGrant(ctx, in.GrantID); err != nil {
			return err
		}
		if g.Details, err = in.narrow(g, s.Now()); err != nil {
			return err
		}
		g.ExpiresAt = GrantExpiry(g.Details, s.Now())
		return s.reduce(ctx, tx, in, g)
	})
	return g, err
}

// reduce writes the smaller consent and its evidence.
func (s *Service) reduce(ctx context.Context, tx Tx, in Reduction, g Grant) error {
	now := s.Now()
	if done, err := tx.ReduceGrant(ctx, g); err != nil {
		return err
	} else if !done {
		return Refuse(GrantExpired, "", "this consent has ended")
	}
	if err := tx.RevokeTokens(ctx, g.Subject, g.ID, now); err != nil {
		return err
	}
	d := Decision{
		ID: NewID(), RequestID: g.RequestID, ClientID: g.ClientID, Subject: g.Subject, Allowed: true, Groups: g.Details.Groups, EndsOn: g.Details.EndsOn,
		Statement: in.Statement, ACR: in.ACR, AuthTime: in.AuthTime, At: now,
	}
	event := Event{At: now, Type: EventReduced, ClientID: g.ClientID, Subject: g.Subject, Sub: g.Sub, GrantID: g.ID, Recipient: g.Details.Recipient}
	if err := record(ctx, tx, d, nil, event); err != nil {
		return err
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: now, Kind: EntryReduced, Subject: g.Subject, ClientID: g.ClientID, Ref: g.ID, RequestID: g.RequestID, GrantID: g.ID})
}

// narrow is what is left of a consent that still stands.
func (in Reduction) narrow(g Grant, now time.Time) (Details, error) {
	if err := g.Standing(now); err != nil {
		return Details{}, err
	}
	if g.Details.Access == Once {
		return Details{}, Refuse(InvalidRequest, "access", "a consent to one release is withdrawn, not reduced")
	}
	left, err := Answer{Groups: in.Groups, EndsOn: in.EndsOn, Unwatched: in.Unwatched}.narrow(g.Details, now)
	if err == nil && len(left.Groups) == len(g.Details.Groups) && left.EndsOn == g.Details.EndsOn && left.Watch == g.Details.Watch {
		err = Refuse(InvalidRequest, "datatypes", "nothing would change")
	}
	return left, err
}

// Standing is Live for the citizen, to whom a consent that is paused or restricted is not
// over.
func (g Grant) Standing(now time.Time) error {
	if g.Status == GrantPaused {
		g.Status = GrantActive
	}
	g.RestrictedAt = time.Time{}
	return g.Live(now)
}

// allows tells whether the consent still covers all that an access is about.
func (g Grant) allows(a Access) bool {
	return !slices.ContainsFunc(a.Groups, func(group DataGroup) bool { return !slices.Contains(g.Details.Groups, group) })
}
