package consent

import "time"

// GrantFact is one thing that happened to a consent, as the evidence holds it.
type GrantFact struct {
	At   time.Time
	Kind EntryKind
	// Version is that of the text that was read; zero when nothing was decided.
	Version int
	// DecisionID is the answer behind it, which has a receipt; empty when nothing was
	// decided.
	DecisionID string
}
