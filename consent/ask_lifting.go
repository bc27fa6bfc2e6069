package consent

import (
	"context"
	"time"
)

// AskLifting is the citizen asking for a restriction to be lifted: a request to the
// officer, who lifts it or refuses with reasons. Asking twice is not an error. It fails
// with NotFound, or with TooMany like AskRight.
func (s *Service) AskLifting(ctx context.Context, subject SubjectID, measureID string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		if _, err := tx.LockSubject(ctx, subject); err != nil {
			return err
		}
		m, err := heldMeasure(ctx, tx, subject, measureID, RightRestriction)
		if err != nil || !m.LiftAskedAt.IsZero() {
			return err
		}
		r, err := newRight(subject, RightRestriction, "", s.Now())
		if err != nil {
			return err
		}
		r.Lifts = m.ID
		if err := s.addRight(ctx, tx, r); err != nil {
			return err
		}
		m.LiftAskedAt = s.Now()
		if err := tx.UpdateMeasure(ctx, m); err != nil {
			return err
		}
		return tx.AppendLedger(ctx, m.entry(EntryLiftAsked, m.LiftAskedAt))
	})
}

// askedToLift is the citizen's open request to lift a restriction; zero when there is
// none.
func askedToLift(ctx context.Context, store Reader, m Measure) (out RightsRequest, err error) {
	if m.LiftAskedAt.IsZero() {
		return out, nil
	}
	err = eachAsked(ctx, store, m.Subject, func(r RightsRequest) error {
		if r.Lifts == m.ID && r.State == RightsOpen {
			out = r
		}
		return nil
	})
	return out, err
}

// replyOnLifting writes about a request to lift a restriction. A refusal lets its citizen
// ask again. It fails like reply, and with InvalidRequest, which names kind, for an
// answer: that is LiftRestriction's.
func replyOnLifting(ctx context.Context, tx Tx, asked RightsRequest, m RightsMessage) error {
	if m.Kind == RightsAnswer {
		return Refuse(InvalidRequest, "kind", "the restriction is lifted, or that is refused")
	}
	if _, err := tx.LockSubject(ctx, asked.Subject); err != nil {
		return err
	}
	if err := reply(ctx, tx, m); err != nil || m.Kind != RightsRefusal {
		return err
	}
	held, err := heldMeasure(ctx, tx, asked.Subject, asked.Lifts, RightRestriction)
	if err != nil {
		return err
	}
	held.LiftAskedAt = time.Time{}
	if err := tx.UpdateMeasure(ctx, held); err != nil {
		return err
	}
	return tx.AppendLedger(ctx, held.entry(EntryLiftRefused, m.At))
}
