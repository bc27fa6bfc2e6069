package export

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"portail.example/consent/ledger"
)

// Names of the two files that speak of the same things.
const (
	DataName   = "data.json"
	ProofsName = "proofs.jsonl"
)

// ErrProofs is a list of proofs that is not that of its report.
var ErrProofs = errors.New("not the proof of this report")

// maxProof bounds a line of proofs, in bytes: a path has some thirty hashes in a ledger
// of a billion entries.
const maxProof = 256 << 10

// Proved counts what was checked.
type Proved struct {
	Entries int // in the tree of a signed checkpoint, with what the report says
	Rowless int // of them, those that are shown without the row that was hashed
	Waiting int // without a place in the tree when the report was made
}

// CheckProofs holds the proofs of an archive, which CheckArchive accepted, against the
// ledger's public key and against what data.json says: each answer, withdrawal and
// consultation has its own line, in one order. It fails with ErrProofs,
// ledger.ErrCheckpoint or ledger.ErrProof, and names the first bad line. It reads both
// files once, side by side: its memory is one line.
func CheckProofs(r io.ReaderAt, size int64, publicKey string) (Proved, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Proved{}, fmt.Errorf("not a ZIP: %w", err)
	}
	data, err := archive.Open(DataName)
	if err != nil {
		return Proved{}, fmt.Errorf("%w: %s is not in the archive", ErrProofs, DataName)
	}
	defer data.Close()
	proofs, err := archive.Open(ProofsName)
	if err != nil {
		return Proved{}, fmt.Errorf("%w: %s is not in the archive", ErrProofs, ProofsName)
	}
	defer proofs.Close()
	lines := bufio.NewScanner(proofs)
	lines.Buffer(nil, maxProof)
	c := &proofCheck{lines: lines, key: publicKey}
	if err := eachTold(data, c.told); err != nil {
		return c.proved, err
	}
	return c.proved, c.end()
}

// proofLine is one of proofs.jsonl.
type proofLine struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Placed bool   `json:"placed"`
	ledger.Proof
}

// proofCheck goes through the proofs.
type proofCheck struct {
	lines   *bufio.Scanner
	number  int
	key     string
	subject string // of all entries: a report is on one person
	proved  Proved
}

// told holds the next line against what the report says.
func (c *proofCheck) told(t told) error {
	if !c.lines.Scan() {
		return errors.Join(c.lines.Err(), fmt.Errorf("%w: %s: line %d: missing: %s %s", ErrProofs, ProofsName, c.number+1, t.kind, t.id))
	}
	c.number++
	err := c.line(t)
	if err != nil {
		err = fmt.Errorf("%s: line %d (%s %s): %w", ProofsName, c.number, t.kind, t.id, err)
	}
	return err
}

func (c *proofCheck) line(t told) error {
	var l proofLine
	if err := json.Unmarshal(c.lines.Bytes(), &l); err != nil {
		return fmt.Errorf("%w: not JSON", ErrProofs)
	}
	if l.Kind != t.kind || l.ID != t.id {
		return fmt.Errorf("%w: it is about %s %s", ErrProofs, l.Kind, l.ID)
	}
	if !l.Placed {
		c.proved.Waiting++
		return nil
	}
	if err := c.entry(t, l.Proof); err != nil {
		return err
	}
	if err := l.Check(c.key); err != nil {
		return err
	}
	c.proved.Entries++
	return nil
}

// end fails when there are lines that nothing was told of.
func (c *proofCheck) end() error {
	if c.lines.Scan() {
		return fmt.Errorf("%w: %s: line %d: the report tells nothing that it is about", ErrProofs, ProofsName, c.number+1)
	}
	return c.lines.Err()
}
