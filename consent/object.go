package consent

import (
	"context"
	"math"
)

// Object stops an administration, or all when `of` is zero (GDPR article 21): the
// consents it holds end like withdrawn ones, what it asked is closed, and what it asks
// later is refused unseen until LiftObjection. Objecting twice is not an error. It
// fails with InvalidRequest, which names administration, for one that never asked.
func (s *Service) Object(ctx context.Context, subject SubjectID, of Party) (m Measure, err error) {
	err = s.store.Transact(ctx, func(tx Tx) error {
		if _, err := tx.LockSubject(ctx, subject); err != nil {
			return err
		}
		m, err = s.set(ctx, tx, Measure{Subject: subject, Right: RightObjection, Of: of})
		return err
	})
	return m, err
}

// LiftObjection lets the administration ask again. Consents that ended stay ended. It
// fails with NotFound unless such an objection of the citizen's holds, whoever set it.
func (s *Service) LiftObjection(ctx context.Context, subject SubjectID, measureID string) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		m, err := heldMeasure(ctx, tx, subject, measureID, RightObjection)
		if err != nil {
			return err
		}
		return s.lifted(ctx, tx, m, "")
	})
}

// endCovered withdraws the consents that an objection covers, with their evidence and
// events. One whose single use is under way is among them: the use may be given back.
func (s *Service) endCovered(ctx context.Context, tx Tx, m Measure) error {
	q := GrantQuery{Subject: m.Subject, All: true, Party: Party{Recipient: m.Of.Recipient}, Limit: readAtOnce}
	var stand []string
	err := pages(func(after Grant) ([]Grant, error) {
		q.From = after
		return tx.Grants(ctx, q)
	}, func(g Grant) error {
		if g.ConsumedBy = ""; g.Open(m.SetAt) {
			stand = append(stand, g.ID)
		}
		return nil
	})
	for _, id := range stand {
		if err == nil {
			_, _, err = s.withdraw(ctx, tx, m.Subject, id, Unsaid)
		}
	}
	return err
}

// closeOpen closes what a measure's administration asked and nobody answered yet.
func (s *Service) closeOpen(ctx context.Context, tx Tx, m Measure) error {
	open, err := tx.OpenRequests(ctx, m.Subject, s.Now(), Request{}, math.MaxInt32)
	for _, r := range open {
		if err == nil && m.Covers(r.Details.Recipient) {
			err = s.closeUnseen(ctx, tx, &r)
		}
	}
	return err
}
