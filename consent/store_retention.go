package consent

import (
	"context"
	"time"
)

// RetentionReader tells what is kept, held, due and gone.
type RetentionReader interface {
	// Kept counts what is kept about a citizen, in the order of RetentionRules.
	Kept(ctx context.Context, subject SubjectID, now time.Time) ([]Kept, error)
	// Holds are the legal holds in force, oldest first: a citizen's, or everybody's.
	Holds(ctx context.Context, subject SubjectID) ([]Hold, error)
	// Erasures are those that wait for approval, and whose request is open, oldest first.
	Erasures(ctx context.Context) ([]Erasure, error)
	// PurgeDue counts what PurgeBatch would remove, were it called often enough.
	PurgeDue(ctx context.Context, record Record, before time.Time) (Purged, error)
	// PurgeReports are past purges that removed something, newest first.
	PurgeReports(ctx context.Context, limit int) ([]PurgeReport, error)
}

// RetentionTx removes what is due, and holds what must stay.
type RetentionTx interface {
	// PurgeBatch removes up to b.Limit things of b.Record whose retention began before
	// b.Before and that no hold covers, and notes what for AppendLedger to vouch for. Two
	// at once take turns, and no hold is set or lifted meanwhile. It returns where it
	// stopped; zero at the end.
	PurgeBatch(ctx context.Context, b PurgeBatch) (Purged, PurgePlace, error)
	InsertHold(ctx context.Context, h Hold) error
	// LockHold finds a hold, lifted or not, and keeps others from changing it.
	LockHold(ctx context.Context, id string) (Hold, error)
	LiftHold(ctx context.Context, h Hold) error
}

// ErasureTx erases citizens.
type ErasureTx interface {
	// LockSubject keeps others from a citizen until the transaction ends, and tells
	// until when an export of theirs may run.
	LockSubject(ctx context.Context, subject SubjectID) (exporting time.Time, err error)
	// NoteExport keeps the citizen from being erased before an instant.
	NoteExport(ctx context.Context, subject SubjectID, until time.Time) error
	// ErasureRequest is the state of a citizen's rights request, which nobody answers
	// until the transaction ends; NotFound when it asks for anything but erasure. It
	// opens nothing that is encrypted.
	ErasureRequest(ctx context.Context, subject SubjectID, id string) (RightsState, error)
	InsertErasure(ctx context.Context, e Erasure) error
	// WaitingErasure is the one that answers a request and waits for approval.
	WaitingErasure(ctx context.Context, subject SubjectID, rightsID string) (Erasure, error)
	// LockErasure finds an erasure and keeps others from carrying it out.
	LockErasure(ctx context.Context, id string) (Erasure, error)
	CloseErasure(ctx context.Context, e Erasure) error
	// ForgetWords removes the words of a citizen's rights requests, which the erasure
	// answers when they are open, and returns their identifiers.
	ForgetWords(ctx context.Context, subject SubjectID, at time.Time) ([]string, error)
	// ForgetSubject destroys the citizen's key and identity and all that leads to them:
	// indexes, sessions, address, mails, unused secrets. Pseudonyms and evidence stay.
	ForgetSubject(ctx context.Context, subject SubjectID) error
}
