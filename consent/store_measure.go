package consent

import (
	"context"
	"time"
)

// MeasureReader reads what restricts sharing, or keeps administrations from asking.
type MeasureReader interface {
	// Measures are the citizen's that are in force, oldest first.
	Measures(ctx context.Context, subject SubjectID) ([]Measure, error)
	// Measure is one of the citizen's, in force or lifted.
	Measure(ctx context.Context, subject SubjectID, id string) (Measure, error)
	// PastMeasures are the citizen's in force and lifted, newest first, at most limit;
	// those that follow after, when it is not zero.
	PastMeasures(ctx context.Context, subject SubjectID, after Measure, limit int) ([]Measure, error)
}

// MeasureTx sets and lifts them.
type MeasureTx interface {
	InsertMeasure(ctx context.Context, m Measure) error
	// LockMeasure finds one of the citizen's and keeps others from changing it until
	// the transaction ends.
	LockMeasure(ctx context.Context, subject SubjectID, id string) (Measure, error)
	// UpdateMeasure writes whether its lifting is asked, and by whom and when it was lifted.
	UpdateMeasure(ctx context.Context, m Measure) error
	// RestrictGrants restricts the citizen's active and suspended consents to an
	// administration, to all when it is empty, and returns those that were not yet.
	RestrictGrants(ctx context.Context, subject SubjectID, of SIRET, at time.Time) ([]Grant, error)
	// FreeGrants ends that, but for consents to some administrations, and returns those
	// that are free again.
	FreeGrants(ctx context.Context, subject SubjectID, but []SIRET) ([]Grant, error)
}
