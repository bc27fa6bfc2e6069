package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrProof is a proof that does not prove its entry.
var ErrProof = errors.New("ledger: the entry is not in the tree of this checkpoint")

// Proof shows, to somebody who has only the public key, that an entry is in the
// ledger. It speaks for itself: no question to anybody is needed. What was hashed is
// a string, so that a program which writes the JSON anew cannot change it.
type Proof struct {
	// Fact is the row the entry speaks of as it was hashed; empty for kinds that speak
	// of none.
	Fact       string `json:"fact,omitempty"`
	Entry      string `json:"entry"` // as Entry.Bytes wrote it
	Path       Path   `json:"proof"`
	Checkpoint string `json:"checkpoint"` // C2SP signed note
}

// ShowsRow reports whether the row is the one that was hashed: a thing may have changed
// between its entry and the reading of its row.
func (p Proof) ShowsRow() bool {
	var entry leaf
	sum := sha256.Sum256([]byte(p.Fact))
	return json.Unmarshal([]byte(p.Entry), &entry) == nil && entry.Fact == hex.EncodeToString(sum[:])
}

// Path is an inclusion proof (RFC 6962 section 2.1.1).
type Path struct {
	Index  int64       `json:"index"`  // of the leaf, from zero
	Hashes []tlog.Hash `json:"hashes"` // base64, the leaf's sibling first
}

// Prove makes the proof of the leaf at index, in the tree of a signed checkpoint.
func Prove(e Entry, fact string, index, size int64, checkpoint string, read tlog.HashReader) (Proof, error) {
	hashes, err := tlog.ProveRecord(size, index, read)
	return Proof{fact, string(e.Bytes()), Path{index, hashes}, checkpoint}, err
}

// Check fails with ErrCheckpoint or ErrProof.
func (p Proof) Check(publicKey string) error {
	checkpoint, err := OpenCheckpoint(p.Checkpoint, publicKey)
	if err != nil {
		return err
	}
	if p.Path.Index < 0 || p.Path.Index >= checkpoint.Size {
		return ErrProof
	}
	if tlog.CheckRecord(p.Path.Hashes, checkpoint.Size, checkpoint.Root, p.Path.Index, tlog.RecordHash([]byte(p.Entry))) != nil {
		return ErrProof
	}
	return nil
}
