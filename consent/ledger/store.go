package ledger

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent"
)

// Store keeps the ledger as it is read. Every lookup of one thing fails with
// consent.NotFound. consenttest.EvidenceSuite is the contract in code.
type Store interface {
	// Checkpoints are signed ones, the largest first.
	Checkpoints(ctx context.Context, q CheckpointQuery) ([]Signed, error)
	// SignedAt is the checkpoint of a size.
	SignedAt(ctx context.Context, size int64) (Signed, error)
	// Entries are those that have a place, the last placed first. It looks at a bounded
	// number of places and returns the one to go on before, zero at the end: a page may
	// hold fewer than asked for, and have others after it.
	Entries(ctx context.Context, q EntryQuery) (list []Placed, next int64, err error)
	// Leaves are entries in the order of the tree, from one place up to another, that
	// one excluded; at most limit.
	Leaves(ctx context.Context, from, to int64, limit int) ([]Placed, error)
	// Entry finds one by its number, placed or not.
	Entry(ctx context.Context, number int64) (Placed, error)
	// Nodes are stored hashes of the tree, in the order they are asked for.
	Nodes(ctx context.Context, indexes []int64) ([]tlog.Hash, error)
	VerificationStore
}

// VerificationStore keeps what whole verifications found.
type VerificationStore interface {
	// AskVerification queues one, unless another is not done yet: it returns that one.
	AskVerification(ctx context.Context, v Verification) (Verification, error)
	// ClaimVerification takes the one that waits, or that did not move since an instant;
	// consent.NotFound when there is none.
	ClaimVerification(ctx context.Context, now, still time.Time) (Verification, error)
	// MoveVerification writes what v says, which last moved at before; false when
	// somebody else began it again.
	MoveVerification(ctx context.Context, v Verification, before time.Time) (bool, error)
	// Verifications are past and present ones, newest first.
	Verifications(ctx context.Context, limit int) ([]Verification, error)
	// VerifyLedger checks everything, and tells between its steps how many entries it
	// has checked; an error of progress ends it. It fails with a Fault or ErrCheckpoint
	// when the evidence does not agree.
	VerifyLedger(ctx context.Context, publicKey string, past []string, now time.Time, progress func(entries int64) error) (Report, error)
}

// Report is what a verification saw.
type Report struct {
	Entries     int64 // in the tree
	Waiting     int64 // written, and not placed yet
	Checkpoints int
}

// Signed is a checkpoint as it was signed.
type Signed struct {
	Size int64
	At   time.Time
	Note string // C2SP signed note
}

// CheckpointQuery is which checkpoints to list.
type CheckpointQuery struct {
	Day    consent.Date // signed on, in Paris; zero for any
	Before int64        // size; zero for the largest
	Limit  int
}

// Placed is an entry and its place in the tree.
type Placed struct {
	Entry
	Index int64 // from zero; Unplaced while it waits
}

// Unplaced is the place of an entry that has none yet.
const Unplaced = -1

// EntryQuery is which entries to list.
type EntryQuery struct {
	Kind   consent.EntryKind // empty for any
	Day    consent.Date      // placed on, in Paris; zero for any
	Before int64             // place; zero for the last
	Limit  int
}
