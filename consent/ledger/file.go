package ledger

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent"
)

// FileFormat names the file of the whole evidence: a line with the format and a signed
// checkpoint, then each entry of its tree in a line, byte for byte as it was hashed.
const FileFormat = "portail-consentement/evidence/1"

// ErrFile is a file that is not the evidence its checkpoint was signed for.
var ErrFile = errors.New("ledger: not the whole evidence of a checkpoint")

// leavesAtOnce is how many entries are in memory.
const leavesAtOnce = 1000

type fileHead struct {
	Format     string `json:"format"`
	Checkpoint string `json:"checkpoint"`
}

// Export is the evidence up to the newest checkpoint, ready to be written.
type Export struct {
	Signed
	store Store
}

// Export opens the evidence to be taken away. It fails with consent.NotFound before the
// first checkpoint.
func (i *Inspector) Export(ctx context.Context, by consent.Agent) (Export, error) {
	if err := allowed(by); err != nil {
		return Export{}, err
	}
	last, err := i.latest(ctx)
	return Export{last, i.store}, err
}

// Write needs the memory of a thousand entries.
func (e Export) Write(ctx context.Context, to io.Writer) error {
	out := bufio.NewWriter(to)
	if err := json.NewEncoder(out).Encode(fileHead{FileFormat, e.Note}); err != nil {
		return err
	}
	for from := int64(0); from < e.Size; {
		list, err := e.store.Leaves(ctx, from, e.Size, leavesAtOnce)
		if err != nil {
			return err
		}
		for _, leaf := range list {
			if leaf.Index != from {
				return Fault{leaf.ID, "it is gone, or its place in the tree is"}
			}
			from++
			_, _ = out.Write(append(leaf.Bytes(), '\n')) // Flush tells a failure
		}
		if len(list) == 0 {
			return Fault{What: fmt.Sprintf("the tree has %d entries; a signed checkpoint knows %d", from, e.Size)}
		}
	}
	return out.Flush()
}

// CheckFile reads a file of the whole evidence and builds its tree again, in the memory
// of a few hashes. It fails with ErrCheckpoint or ErrFile.
func CheckFile(from io.Reader, publicKey string) (Checkpoint, error) {
	lines := bufio.NewScanner(from)
	var head fileHead
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &head) != nil || head.Format != FileFormat {
		return Checkpoint{}, fmt.Errorf("%w: no first line that says so", ErrFile)
	}
	signed, err := OpenCheckpoint(head.Checkpoint, publicKey)
	if err != nil {
		return Checkpoint{}, err
	}
	var audit Audit
	for lines.Scan() {
		audit.Add(tlog.RecordHash(lines.Bytes()))
	}
	if err := lines.Err(); err != nil {
		return Checkpoint{}, err
	}
	if audit.Size() != signed.Size {
		return Checkpoint{}, fmt.Errorf("%w: %d entries, its checkpoint knows %d", ErrFile, audit.Size(), signed.Size)
	}
	if audit.Size() == 0 || audit.Root() != signed.Root {
		return Checkpoint{}, fmt.Errorf("%w: an entry is not as it was", ErrFile)
	}
	return signed, nil
}
