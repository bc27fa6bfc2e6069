package consent

import (
	"context"
	"time"
)

// Kept is one kind of what is kept about a citizen, and what an erasure today
// would make of it.
type Kept struct {
	Record Record
	Count  int
	// From is the latest instant its retention runs from, were everything ended now;
	// zero when that is not known yet.
	From time.Time
}

// erased are the kinds an erasure removes at once. Of rights requests the words go,
// and that there was one stays.
func (r Record) erased() bool {
	switch r {
	case RecordIdentity, RecordAddress, RecordSession, RecordSecret:
		return true
	}
	return false
}

// Erased reports whether an erasure removes it at once; the rest the law keeps.
func (k Kept) Erased() bool { return k.Record.erased() }

// Until is when the last of it goes, whether or not the citizen is erased.
func (k Kept) Until() time.Time { return RetentionOf(k.Record).Until(k.From) }

// Kept tells, kind by kind, what is kept about a citizen: what their erasure would
// remove at once, and what the law keeps, until when. Kinds of which there is nothing
// are left out.
func (s *Service) Kept(ctx context.Context, subject SubjectID) ([]Kept, error) {
	return s.store.Kept(ctx, subject, s.Now())
}
