package ledger

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent"
)

// Inspector is the evidence as agents of consent.DutyEvidence read it: pseudonyms,
// versions and hashes. The rows that entries speak of are not part of it. Each method
// fails with consent.RoleNotAllowed for the others.
type Inspector struct {
	store Store
	key   string
	now   func() time.Time
}

// NewInspector reads a store whose checkpoints a public key opens.
func NewInspector(store Store, publicKey string, now func() time.Time) *Inspector {
	return &Inspector{store, publicKey, now}
}

func allowed(by consent.Agent) error {
	_, err := by.May(consent.DutyEvidence)
	return err
}

// Checkpoints are signed ones, the largest first.
func (i *Inspector) Checkpoints(ctx context.Context, by consent.Agent, q CheckpointQuery) ([]Signed, error) {
	if err := allowed(by); err != nil {
		return nil, err
	}
	return i.store.Checkpoints(ctx, q)
}

// Checkpoint is the one of a size; it fails with consent.NotFound.
func (i *Inspector) Checkpoint(ctx context.Context, by consent.Agent, size int64) (Signed, error) {
	if err := allowed(by); err != nil {
		return Signed{}, err
	}
	return i.store.SignedAt(ctx, size)
}

// latest is the newest checkpoint; it fails with consent.NotFound before the first.
func (i *Inspector) latest(ctx context.Context) (Signed, error) {
	list, err := i.store.Checkpoints(ctx, CheckpointQuery{Limit: 1})
	if err == nil && len(list) == 0 {
		err = consent.Refuse(consent.NotFound, "", "nothing was signed yet")
	}
	if err != nil {
		return Signed{}, err
	}
	return list[0], nil
}

// Entries are those that have a place, the last placed first, and the place to go on
// before; see Store.
func (i *Inspector) Entries(ctx context.Context, by consent.Agent, q EntryQuery) ([]Placed, int64, error) {
	if err := allowed(by); err != nil {
		return nil, 0, err
	}
	return i.store.Entries(ctx, q)
}

// Entry finds one by its number; it fails with consent.NotFound.
func (i *Inspector) Entry(ctx context.Context, by consent.Agent, number int64) (Placed, error) {
	if err := allowed(by); err != nil {
		return Placed{}, err
	}
	return i.store.Entry(ctx, number)
}

// Prove shows that an entry is in the tree of the newest checkpoint. The proof holds no
// row: the hash of it is in the entry. It fails with consent.NotPlaced before the entry
// has its place.
func (i *Inspector) Prove(ctx context.Context, by consent.Agent, number int64) (Proof, error) {
	e, err := i.Entry(ctx, by, number)
	if err == nil && e.Index == Unplaced {
		err = consent.Refuse(consent.NotPlaced, "", "the entry waits for its place")
	}
	if err != nil {
		return Proof{}, err
	}
	last, err := i.latest(ctx)
	if err != nil {
		return Proof{}, err
	}
	return Prove(e.Entry, "", e.Index, last.Size, last.Note, i.nodes(ctx))
}

// Consistency is the proof between the checkpoints of two sizes. It fails with
// consent.NotFound when one was not signed, and with consent.InvalidRequest, which names
// from, when it is not the smaller one.
func (i *Inspector) Consistency(ctx context.Context, by consent.Agent, from, to int64) (Consistency, error) {
	if from > to {
		return Consistency{}, consent.Refuse(consent.InvalidRequest, "from", "larger than the other")
	}
	first, err := i.Checkpoint(ctx, by, from)
	if err != nil {
		return Consistency{}, err
	}
	last, err := i.Checkpoint(ctx, by, to)
	if err != nil {
		return Consistency{}, err
	}
	return ProveConsistency(first, last, i.nodes(ctx))
}

// Holds reports whether a proof is right: what is shown as proved was checked.
func (i *Inspector) Holds(proof interface{ Check(publicKey string) error }) bool {
	return proof.Check(i.key) == nil
}

func (i *Inspector) nodes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) { return i.store.Nodes(ctx, indexes) })
}
