package ledger

import (
	"encoding/json"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrProof is a proof that does not prove its entry.
var ErrProof = errors.New("ledger: the entry is not in the tree of this checkpoint")

// Proof shows, to somebody who has only the public key, that an entry is in the
// ledger. It speaks for itself: no question to anybody is needed.
type Proof struct {
	Entry      json.RawMessage `json:"entry"` // as Entry.Bytes wrote it
	Index      int64           `json:"index"`
	Hashes     []tlog.Hash     `json:"hashes"` // RFC 6962 section 2.1.1
	Checkpoint string          `json:"checkpoint"`
}

// Prove makes the proof of the leaf at index, in the tree of a signed checkpoint.
func Prove(e Entry, index, size int64, checkpoint string, read tlog.HashReader) (Proof, error) {
	hashes, err := tlog.ProveRecord(size, index, read)
	return Proof{e.Bytes(), index, hashes, checkpoint}, err
}

// Check fails with ErrCheckpoint or ErrProof.
func (p Proof) Check(publicKey string) error {
	checkpoint, err := OpenCheckpoint(p.Checkpoint, publicKey)
	if err != nil {
		return err
	}
	if p.Index < 0 || p.Index >= checkpoint.Size {
		return ErrProof
	}
	if tlog.CheckRecord(p.Hashes, checkpoint.Size, checkpoint.Root, p.Index, tlog.RecordHash(p.Entry)) != nil {
		return ErrProof
	}
	return nil
}
