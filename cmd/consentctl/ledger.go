package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"portail.example/internal/postgres"
)

// maxNote bounds a key or checkpoint, in bytes.
const maxNote = 16 << 10

var ledgerVerbs = map[string]verb{
	"verify": {1, 1000, func(args []string) (action, error) {
		var notes []string
		for _, name := range args {
			raw, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			if len(raw) > maxNote {
				return nil, fmt.Errorf("%s: neither a key nor a checkpoint", name)
			}
			notes = append(notes, string(raw))
		}
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return verifyLedger(ctx, db, strings.TrimSpace(notes[0]), notes[1:], out)
		}, nil
	}},
}

// verifyLedger needs no secret: an auditor runs it with the public key and the
// checkpoints they kept.
func verifyLedger(ctx context.Context, db *postgres.DB, key string, past []string, out io.Writer) error {
	report, err := db.VerifyLedger(ctx, key, past, time.Now(), nil)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "intact: %d entries in the tree, %d waiting for their place, %d checkpoints agree\n", report.Entries, report.Waiting, report.Checkpoints)
	return err
}
