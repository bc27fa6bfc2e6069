package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrCheckpoint is a checkpoint that is not one of ours.
var ErrCheckpoint = errors.New("ledger: not a checkpoint signed by this key")

// Checkpoint says what the tree was at a size (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

// Signer signs checkpoints.
type Signer struct {
	origin string
	signer note.Signer
	public string
}

// NewSigner makes a signer from a seed of 32 bytes; origin names the log, without
// spaces or plus signs.
func NewSigner(origin string, seed []byte) (*Signer, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("ledger: a seed has %d bytes", ed25519.SeedSize)
	}
	key := ed25519.NewKeyFromSeed(seed)
	public, err := note.NewEd25519VerifierKey(origin, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	hash := strings.Split(public, "+")[1]
	const algorithm = "\x01" // Ed25519, in signed notes
	signer, err := note.NewSigner("PRIVATE+KEY+" + origin + "+" + hash + "+" + base64.StdEncoding.EncodeToString([]byte(algorithm+string(seed))))
	return &Signer{origin, signer, public}, err
}

// PublicKey is what checkpoints are opened with, in the signed-note format.
func (s *Signer) PublicKey() string { return s.public }

// Sign says what the tree is at a size.
func (s *Signer) Sign(size int64, root tlog.Hash) (string, error) {
	text := s.origin + "\n" + strconv.FormatInt(size, 10) + "\n" + root.String() + "\n"
	signed, err := note.Sign(&note.Note{Text: text}, s.signer)
	return string(signed), err
}

// OpenCheckpoint checks a signed checkpoint against a public key.
func OpenCheckpoint(signed, publicKey string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(publicKey)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("ledger: not a public key: %w", err)
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, ErrCheckpoint
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return Checkpoint{}, ErrCheckpoint
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, errRoot := tlog.ParseHash(lines[2])
	if err != nil || errRoot != nil || size < 0 {
		return Checkpoint{}, ErrCheckpoint
	}
	return Checkpoint{lines[0], size, root}, nil
}
