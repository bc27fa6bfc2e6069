package consenttest

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent"
	"portail.example/consent/ledger"
)

// Evidence is the ledger of a Memory: its tree, checkpoints and verifications. Facts
// have no digest in memory, so that a verification covers the tree only.
type Evidence struct {
	memory *Memory
	Signer *ledger.Signer

	mu            sync.Mutex
	nodes         []tlog.Hash
	checkpoints   []ledger.Signed
	verifications []ledger.Verification
	spoiled       map[int64]bool
}

// NewEvidence has an empty tree.
func NewEvidence(m *Memory) *Evidence {
	signer, err := ledger.NewSigner("portal.example/ledger", make([]byte, 32))
	if err != nil {
		panic(err) // a seed of 32 bytes
	}
	return &Evidence{memory: m, Signer: signer, spoiled: map[int64]bool{}}
}

// Sequence gives all entries their place and signs a checkpoint.
func (e *Evidence) Sequence(now time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	size, all := e.size(), e.entries()
	if int64(len(all)) == size {
		return nil
	}
	growth, err := ledger.Grow(size, all[size:], tlog.HashReaderFunc(e.read))
	if err != nil {
		return err
	}
	root, err := growth.Root()
	if err != nil {
		return err
	}
	note, err := e.Signer.Sign(growth.Size, root)
	e.nodes = append(e.nodes, growth.Hashes...)
	e.checkpoints = append(e.checkpoints, ledger.Signed{Size: growth.Size, At: now, Note: note})
	return err
}

// Spoil changes an entry behind the ledger's back.
func (e *Evidence) Spoil(number int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.spoiled[number] = true
}

func (e *Evidence) size() int64 {
	if len(e.checkpoints) == 0 {
		return 0
	}
	return e.checkpoints[len(e.checkpoints)-1].Size
}

func (e *Evidence) entries() (out []ledger.Entry) {
	for i, entry := range e.memory.Ledger() {
		if e.spoiled[int64(i+1)] {
			entry.Ref += "?"
		}
		out = append(out, ledger.Entry{ID: int64(i + 1), LedgerEntry: entry})
	}
	return out
}

func (e *Evidence) placed() (out []ledger.Placed) {
	for i, entry := range e.entries() {
		p := ledger.Placed{Entry: entry, Index: int64(i)}
		if p.Index >= e.size() {
			p.Index = ledger.Unplaced
		}
		out = append(out, p)
	}
	return out
}

func (e *Evidence) read(indexes []int64) (out []tlog.Hash, err error) {
	for _, i := range indexes {
		out = append(out, e.nodes[i])
	}
	return out, nil
}

// Checkpoints are signed ones, the largest first.
func (e *Evidence) Checkpoints(_ context.Context, q ledger.CheckpointQuery) (out []ledger.Signed, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range slices.Backward(e.checkpoints) {
		if (q.Day.IsZero() || consent.DateOf(s.At) == q.Day) && (q.Before == 0 || s.Size < q.Before) && len(out) < q.Limit {
			out = append(out, s)
		}
	}
	return out, nil
}

// SignedAt is the checkpoint of a size.
func (e *Evidence) SignedAt(_ context.Context, size int64) (ledger.Signed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.checkpoints, func(s ledger.Signed) bool { return s.Size == size })
	if i < 0 {
		return ledger.Signed{}, consent.Refuse(consent.NotFound, "", "no such checkpoint")
	}
	return e.checkpoints[i], nil
}

// Entries are those that have a place, the last placed first.
func (e *Evidence) Entries(_ context.Context, q ledger.EntryQuery) (out []ledger.Placed, next int64, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range slices.Backward(e.placed()) {
		if p.Index == ledger.Unplaced || q.Before > 0 && p.Index >= q.Before || q.Kind != "" && p.Kind != q.Kind || !q.Day.IsZero() && consent.DateOf(e.placedAt(p.Index)) != q.Day {
			continue
		}
		if len(out) == q.Limit {
			return out, out[len(out)-1].Index, nil
		}
		out = append(out, p)
	}
	return out, 0, nil
}

func (e *Evidence) placedAt(index int64) time.Time {
	i := slices.IndexFunc(e.checkpoints, func(s ledger.Signed) bool { return s.Size > index })
	return e.checkpoints[i].At
}

// Leaves are entries in the order of the tree.
func (e *Evidence) Leaves(_ context.Context, from, to int64, limit int) (out []ledger.Placed, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.placed() {
		if p.Index >= from && p.Index < to && len(out) < limit {
			out = append(out, p)
		}
	}
	return out, nil
}

// Entry finds one by its number.
func (e *Evidence) Entry(_ context.Context, number int64) (ledger.Placed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := e.placed()
	if number < 1 || number > int64(len(all)) {
		return ledger.Placed{}, consent.Refuse(consent.NotFound, "", "no such entry")
	}
	return all[number-1], nil
}

// Nodes are stored hashes of the tree.
func (e *Evidence) Nodes(_ context.Context, indexes []int64) ([]tlog.Hash, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.read(indexes)
}

// AskVerification queues one, unless one is open.
func (e *Evidence) AskVerification(_ context.Context, v ledger.Verification) (ledger.Verification, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if i := slices.IndexFunc(e.verifications, ledger.Verification.Open); i >= 0 {
		return e.verifications[i], nil
	}
	e.verifications = append(e.verifications, v)
	return v, nil
}

// ClaimVerification takes the one that waits, or that nobody moved.
func (e *Evidence) ClaimVerification(_ context.Context, now, still time.Time) (ledger.Verification, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.verifications {
		v := &e.verifications[i]
		if v.State == ledger.VerificationQueued || v.State == ledger.VerificationRunning && !v.MovedAt.After(still) {
			v.State, v.Checked, v.MovedAt = ledger.VerificationRunning, 0, now
			return *v, nil
		}
	}
	return ledger.Verification{}, consent.Refuse(consent.NotFound, "", "none waits")
}

// MoveVerification writes what v says.
func (e *Evidence) MoveVerification(_ context.Context, v ledger.Verification, before time.Time) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.verifications, func(known ledger.Verification) bool {
		return known.ID == v.ID && known.State == ledger.VerificationRunning && known.MovedAt.Equal(before)
	})
	if i < 0 {
		return false, nil
	}
	e.verifications[i] = v
	return true, nil
}

// Verifications are past and present ones, newest first.
func (e *Evidence) Verifications(_ context.Context, limit int) (out []ledger.Verification, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, v := range slices.Backward(e.verifications) {
		if len(out) < limit {
			out = append(out, v)
		}
	}
	return out, nil
}

// VerifyLedger builds the tree again and holds it against the checkpoints.
func (e *Evidence) VerifyLedger(ctx context.Context, publicKey string, past []string, _ time.Time, progress func(int64) error) (r ledger.Report, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var audit ledger.Audit
	places := e.placed()
	for _, p := range places[:e.size()] {
		from := len(e.nodes[:tlog.StoredHashCount(audit.Size())])
		for i, node := range audit.Add(p.Hash()) {
			if e.nodes[from+i] != node {
				return r, ledger.Fault{Entry: p.ID, What: "it is not as it was written"}
			}
		}
		e.mu.Unlock()
		err := progress(audit.Size())
		e.mu.Lock()
		if err != nil {
			return r, err
		}
	}
	for _, note := range past {
		if _, err := ledger.OpenCheckpoint(note, publicKey); err != nil {
			return r, err
		}
	}
	return ledger.Report{Entries: audit.Size(), Waiting: int64(len(places)) - audit.Size(), Checkpoints: len(e.checkpoints) + len(past)}, ctx.Err()
}

var _ ledger.Store = (*Evidence)(nil)
