package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"portail.example/consent/token"
)

// What can be wrong with a bundle; see also ErrProof and ErrCheckpoint.
var (
	ErrBundle  = errors.New("ledger: not a receipt with its proof")
	ErrReceipt = errors.New("ledger: the receipt is not to be believed")
	ErrEntry   = errors.New("ledger: the entry is not about this receipt")
)

// maxBundle bounds what is read, in bytes: a path has some thirty hashes in a ledger
// of a billion entries.
const maxBundle = 64 << 10

// Bundle is a signed receipt with the proof that its answer is in the ledger. The
// proof is beside the receipt, not inside: a receipt can be had before its entry has
// a place in the tree.
type Bundle struct {
	Receipt string `json:"receipt"` // compact JWS, see token.VerifyReceipt
	Proof
}

// Believed is what a bundle proved.
type Believed struct {
	Receipt    token.ReceiptClaims
	Entry      int64 // its number
	Checkpoint Checkpoint
}

// ParseBundle reads the JSON; it fails with ErrBundle.
func ParseBundle(raw []byte) (b Bundle, err error) {
	if len(raw) > maxBundle {
		return b, fmt.Errorf("%w: more than %d bytes", ErrBundle, maxBundle)
	}
	if err = json.Unmarshal(raw, &b); err != nil {
		return b, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if b.Receipt == "" || b.Fact == "" || b.Entry == "" || b.Checkpoint == "" {
		return b, fmt.Errorf("%w: receipt, fact, entry, proof and checkpoint are required", ErrBundle)
	}
	return b, nil
}

// Verify needs nobody: the issuer's keys, the ledger's public key and a trusted way
// they came by are enough. It fails with ErrReceipt and the token package's reason,
// ErrEntry with what does not match, ErrCheckpoint or ErrProof, in this order.
func (b Bundle) Verify(ctx context.Context, keys token.KeySet, issuer, ledgerKey string) (Believed, error) {
	claims, err := token.VerifyReceipt(ctx, keys, issuer, b.Receipt)
	if err != nil {
		return Believed{}, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	entry, err := b.answers(claims)
	if err != nil {
		return Believed{}, err
	}
	if err := b.Check(ledgerKey); err != nil {
		return Believed{}, err
	}
	checkpoint, err := OpenCheckpoint(b.Checkpoint, ledgerKey)
	return Believed{claims, entry, checkpoint}, err
}
