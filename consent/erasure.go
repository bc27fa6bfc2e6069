package consent

import (
	"context"
	"time"
)

// Erasure is the erasure of a citizen (GDPR article 17): asked by one agent, approved
// by another (four eyes).
type Erasure struct {
	ID      string
	Subject SubjectID
	// RightsID is the citizen's request that it answers.
	RightsID   string
	AskedBy    string // agent
	AskedAt    time.Time
	ApprovedBy string    // another agent
	DoneAt     time.Time // zero until approved
}

// Done reports whether the citizen was erased.
func (e Erasure) Done() bool { return !e.DoneAt.IsZero() }

// Approved is the erasure as a second agent approves it. It fails with SameAgent for
// the one who asked.
func (e Erasure) Approved(by string, at time.Time) (Erasure, error) {
	switch by {
	case "":
		return e, Refuse(InvalidRequest, "by", "who approves is missing")
	case e.AskedBy:
		return e, Refuse(SameAgent, "by", "whoever asked for an erasure does not approve it")
	}
	e.ApprovedBy, e.DoneAt = by, at
	return e, nil
}

// AskErasure asks for the erasure that a citizen requested; another agent approves it
// with EraseSubject. Asked again while it waits, it stays as it was asked first. It
// fails with InvalidRequest, which names by, NotFound when there is no such citizen
// or request, RequestClosed when the request was answered, or LegalHold.
func (s *Service) AskErasure(ctx context.Context, subject SubjectID, rightsID, by string) (e Erasure, err error) {
	if by == "" {
		return Erasure{}, Refuse(InvalidRequest, "by", "who asks is missing")
	}
	err = s.store.Transact(ctx, func(tx Tx) error {
		if _, err := tx.LockSubject(ctx, subject); err != nil {
			return err
		}
		e, err = tx.WaitingErasure(ctx, subject, rightsID)
		if CodeOf(err) != NotFound {
			return err
		}
		e = Erasure{ID: NewID(), Subject: subject, RightsID: rightsID, AskedBy: by, AskedAt: s.Now()}
		if err := erasable(ctx, tx, e); err != nil {
			return err
		}
		if err := tx.InsertErasure(ctx, e); err != nil {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: e.AskedAt, Kind: EntryErasureAsked, Subject: subject, Ref: e.ID})
	})
	return e, err
}

// erasable fails when something keeps the citizen: a hold, or a request that was
// answered otherwise.
func erasable(ctx context.Context, tx Tx, e Erasure) error {
	holds, err := tx.Holds(ctx, e.Subject)
	if err != nil {
		return err
	}
	if len(holds) > 0 {
		return Refuse(LegalHold, "", "kept by legal hold %s", holds[0].ID)
	}
	state, err := tx.ErasureRequest(ctx, e.Subject, e.RightsID)
	if err == nil && state != RightsOpen {
		err = Refuse(RequestClosed, "", "the citizen's request was answered")
	}
	return err
}

// Erasures are those that wait for a second agent, oldest first.
func (s *Service) Erasures(ctx context.Context) ([]Erasure, error) { return s.store.Erasures(ctx) }
