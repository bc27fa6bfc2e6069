package consent

import (
	"context"
	"time"
)

// ExportLease is how long an export may take: until then its citizen is not erased.
const ExportLease = 2 * time.Minute

// EraseSubject carries an erasure out, approved by a second agent. Live consents are
// withdrawn first, and their administrations told; open requests are cancelled; then
// the citizen's key, identity, address, sessions, words and indexes go. What the law
// keeps stays under pseudonyms that lead to nobody: see Kept. Signing in again
// makes a new citizen. Approving twice is not an error.
//
// It fails with SameAgent, LegalHold, RequestClosed, ExportRunning while the citizen
// takes a copy, or NotFound.
func (s *Service) EraseSubject(ctx context.Context, erasureID, by string) (e Erasure, err error) {
	err = s.store.Transact(ctx, func(tx Tx) error {
		if e, err = tx.LockErasure(ctx, erasureID); err != nil || e.Done() {
			return err
		}
		if e, err = e.Approved(by, s.Now()); err != nil {
			return err
		}
		if err := s.seizeSubject(ctx, tx, e); err != nil {
			return err
		}
		if err := s.endAll(ctx, tx, e.Subject); err != nil {
			return err
		}
		if err := s.liftAll(ctx, tx, e.Subject); err != nil {
			return err
		}
		return forget(ctx, tx, e)
	})
	if err != nil {
		return Erasure{}, err
	}
	return e, nil
}

// seizeSubject keeps everybody else from the citizen until the transaction ends.
func (s *Service) seizeSubject(ctx context.Context, tx Tx, e Erasure) error {
	exporting, err := tx.LockSubject(ctx, e.Subject)
	if err != nil {
		return err
	}
	if s.Now().Before(exporting) {
		return Refuse(ExportRunning, "", "the citizen is taking a copy; try again in two minutes")
	}
	return erasable(ctx, tx, e)
}

// endAll withdraws what is live and cancels what waits.
func (s *Service) endAll(ctx context.Context, tx Tx, subject SubjectID) error {
	grants, err := s.standing(ctx, tx, subject, Party{})
	if err != nil {
		return err
	}
	for _, g := range grants {
		if _, _, err := s.withdraw(ctx, tx, subject, g.ID, Unsaid); err != nil {
			return err
		}
	}
	for {
		open, err := tx.OpenRequests(ctx, subject, s.Now(), Request{}, maxWaiting)
		if err != nil || len(open) == 0 {
			return err
		}
		for _, r := range open {
			if _, err := tx.CloseRequest(ctx, r.ID, RequestCancelled, ""); err != nil {
				return err
			}
		}
	}
}

// liftAll ends what holds: it leads to nobody any more.
func (s *Service) liftAll(ctx context.Context, tx Tx, subject SubjectID) error {
	measures, err := tx.Measures(ctx, subject)
	for _, m := range measures {
		if err == nil {
			err = s.lifted(ctx, tx, m, "")
		}
	}
	return err
}

// forget keeps the evidence of each row it changes.
func forget(ctx context.Context, tx Tx, e Erasure) error {
	rights, err := tx.ForgetWords(ctx, e.Subject, e.DoneAt)
	if err != nil {
		return err
	}
	for _, id := range rights {
		if err := tx.AppendLedger(ctx, LedgerEntry{At: e.DoneAt, Kind: EntryRightsErased, Subject: e.Subject, Ref: id}); err != nil {
			return err
		}
	}
	if err := tx.ForgetSubject(ctx, e.Subject); err != nil {
		return err
	}
	if err := tx.CloseErasure(ctx, e); err != nil {
		return err
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: e.DoneAt, Kind: EntryErasure, Subject: e.Subject, Ref: e.ID})
}
