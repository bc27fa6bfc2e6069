package ledger

import "golang.org/x/mod/sumdb/tlog"

// Consistency shows that the tree of a checkpoint is the beginning of a later one's:
// nothing was changed, removed or slipped in between (RFC 6962 section 2.1.2).
type Consistency struct {
	From   string      `json:"from"`   // C2SP signed notes
	To     string      `json:"to"`     //
	Hashes []tlog.Hash `json:"hashes"` // base64; empty for two checkpoints of one size
}

// ProveConsistency makes the proof of two sizes' checkpoints.
func ProveConsistency(from, to Signed, read tlog.HashReader) (Consistency, error) {
	hashes, err := tlog.ProveTree(to.Size, from.Size, read)
	return Consistency{from.Note, to.Note, hashes}, err
}

// Check fails with ErrCheckpoint or ErrProof.
func (c Consistency) Check(publicKey string) error {
	from, err := OpenCheckpoint(c.From, publicKey)
	if err != nil {
		return err
	}
	to, err := OpenCheckpoint(c.To, publicKey)
	if err != nil {
		return err
	}
	if from.Size < 1 || tlog.CheckTree(c.Hashes, to.Size, to.Root, from.Size, from.Root) != nil {
		return ErrProof
	}
	return nil
}
