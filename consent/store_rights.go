package consent

import "context"

// RightsReader reads what citizens asked of the data protection officer, for the
// officer.
type RightsReader interface {
	// RightsQueue are everybody's in a state: open ones by their last day, others newest
	// first; those that follow after, when it is not zero; at most limit.
	RightsQueue(ctx context.Context, state RightsState, after RightsRequest, limit int) ([]RightsRequest, error)
	// AnyRight is one request of anybody's.
	AnyRight(ctx context.Context, id string) (RightsRequest, error)
	// RightsMessages are what was written about one of the citizen's, oldest first.
	RightsMessages(ctx context.Context, subject SubjectID, requestID string) ([]RightsMessage, error)
}

// RightsTx answers them.
type RightsTx interface {
	// LockRight finds a request and keeps others from changing it until the
	// transaction ends.
	LockRight(ctx context.Context, id string) (RightsRequest, error)
	// UpdateRight writes state, term and instants of a request that was locked.
	UpdateRight(ctx context.Context, r RightsRequest) error
	InsertRightsMessage(ctx context.Context, m RightsMessage) error
}
