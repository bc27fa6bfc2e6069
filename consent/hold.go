package consent

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxHoldReason bounds the reason of a legal hold, in characters.
const MaxHoldReason = 200

// Hold keeps what it covers from purge and erasure while a court or an authority may
// need it (GDPR article 17(3)(e)).
type Hold struct {
	ID      string
	Subject SubjectID
	GrantID string // the one consent it covers; empty for all of the citizen's
	// Reason is in the operator's words: a file number, never a name.
	Reason   string
	SetBy    string // agent
	SetAt    time.Time
	LiftedBy string
	LiftedAt time.Time // zero while it is in force
	// LiftedWhy is in the words of the agent who lifted it; empty from the operator's tool.
	LiftedWhy string
}

// Covers reports whether the hold keeps a consent.
func (h Hold) Covers(subject SubjectID, grantID string) bool {
	return h.LiftedAt.IsZero() && h.Subject == subject && (h.GrantID == "" || h.GrantID == grantID)
}

// SetHold puts a hold on a citizen, or on one consent when h.GrantID names it; then
// the citizen may be erased already. It sets ID and SetAt. It fails with
// InvalidRequest, which names reason or by, and with NotFound.
func (s *Service) SetHold(ctx context.Context, h Hold) (Hold, error) {
	h.Reason = strings.TrimSpace(h.Reason)
	switch {
	case !holdReason(h.Reason):
		return Hold{}, Refuse(InvalidRequest, "reason", "between 1 and %d characters are expected", MaxHoldReason)
	case h.SetBy == "":
		return Hold{}, Refuse(InvalidRequest, "by", "who sets it is missing")
	}
	h.ID, h.SetAt, h.LiftedBy, h.LiftedAt, h.LiftedWhy = NewID(), s.Now(), "", time.Time{}, ""
	return h, s.store.Transact(ctx, func(tx Tx) error {
		if err := findHeld(ctx, tx, &h); err != nil {
			return err
		}
		if err := tx.InsertHold(ctx, h); err != nil {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: h.SetAt, Kind: EntryHold, Subject: h.Subject, Ref: h.ID, GrantID: h.GrantID})
	})
}

// holdReason reports whether a reason, tidied, is one.
func holdReason(reason string) bool {
	return reason != "" && utf8.RuneCountInString(reason) <= MaxHoldReason
}

// findHeld locks what is to be held: an erasure under way goes first, or waits.
func findHeld(ctx context.Context, tx Tx, h *Hold) error {
	if h.GrantID == "" {
		_, err := tx.LockSubject(ctx, h.Subject)
		return err
	}
	g, err := tx.LockGrant(ctx, h.GrantID)
	if err == nil && h.Subject != "" && g.Subject != h.Subject {
		err = Refuse(NotFound, "", "not this citizen's consent")
	}
	h.Subject = g.Subject
	return err
}

// LiftHold ends a hold. Lifting twice is not an error; NotFound when there is none.
func (s *Service) LiftHold(ctx context.Context, id, by string) (Hold, error) {
	if by == "" {
		return Hold{}, Refuse(InvalidRequest, "by", "who lifts it is missing")
	}
	return s.lift(ctx, id, by, "")
}

func (s *Service) lift(ctx context.Context, id, by, why string) (h Hold, err error) {
	err = s.store.Transact(ctx, func(tx Tx) error {
		if h, err = tx.LockHold(ctx, id); err != nil || !h.LiftedAt.IsZero() {
			return err
		}
		h.LiftedBy, h.LiftedAt, h.LiftedWhy = by, s.Now(), why
		if err := tx.LiftHold(ctx, h); err != nil {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: h.LiftedAt, Kind: EntryHoldLifted, Subject: h.Subject, Ref: h.ID, GrantID: h.GrantID})
	})
	return h, err
}

// Holds are the holds in force, oldest first: a citizen's, or everybody's when
// subject is empty.
func (s *Service) Holds(ctx context.Context, subject SubjectID) ([]Hold, error) {
	return s.store.Holds(ctx, subject)
}
