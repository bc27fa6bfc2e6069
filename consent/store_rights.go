package consent

import (
	"context"
	"time"
)

// RightsReader reads what citizens asked of the data protection officer, for the
// officer.
type RightsReader interface {
	// RightsQueue are everybody's in a state: open ones by their last day, others newest
	// first; those that follow after, when it is not zero; at most limit.
	RightsQueue(ctx context.Context, state RightsState, after RightsRequest, limit int) ([]RightsRequest, error)
	// AnyRight is one request of anybody's.
	AnyRight(ctx context.Context, id string) (RightsRequest, error)
	// RightsMessages are what was written about one of the citizen's, oldest first; none
	// once the citizen was erased.
	RightsMessages(ctx context.Context, subject SubjectID, requestID string) ([]RightsMessage, error)
	// RightsDue counts the open ones, and those of them whose last day is before today.
	RightsDue(ctx context.Context, today Date) (RightsDue, error)
	// RightsRegister is a page of all of them in any state, oldest first, without whose
	// they are and without words; those that follow after, when it is not zero.
	RightsRegister(ctx context.Context, after RightsRequest, limit int) ([]RightsRequest, error)
	// UnreadRights are the citizen's about which something was written that they have
	// not read, newest first.
	UnreadRights(ctx context.Context, subject SubjectID) ([]RightsRequest, error)
}

// RightsTx answers them.
type RightsTx interface {
	// LockRight finds a request and keeps others from changing it until the
	// transaction ends.
	LockRight(ctx context.Context, id string) (RightsRequest, error)
	// UpdateRight writes state, term and instants of a request that was locked.
	UpdateRight(ctx context.Context, r RightsRequest) error
	InsertRightsMessage(ctx context.Context, m RightsMessage) error
	// NoteRightsRead notes that the citizen reads what was written about a request.
	NoteRightsRead(ctx context.Context, subject SubjectID, requestID string, at time.Time) error
}
