package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent/ledger"
)

// VerifyLedger checks the whole evidence: every entry against the tree, the tree
// against its signed checkpoints and against past ones that somebody kept, and every
// row that entries speak of against the last entry about it. It fails with a
// ledger.Fault that names the first bad entry. It reads one state of the database and
// changes nothing; memory does not grow with the ledger. A purge later than now vouches
// for nothing. It tells progress between its steps, with another connection than its
// own if progress needs one; nil asks for none.
func (db *DB) VerifyLedger(ctx context.Context, publicKey string, past []string, now time.Time, progress func(entries int64) error) (report ledger.Report, err error) {
	if progress == nil {
		progress = func(int64) error { return nil }
	}
	err = pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(t pgx.Tx) error {
		report, err = verifyLedger(ctx, reader{q: t}, publicKey, past, now, progress)
		return err
	})
	return report, translate(err)
}

func verifyLedger(ctx context.Context, r reader, publicKey string, past []string, now time.Time, progress func(int64) error) (report ledger.Report, err error) {
	signed, err := checkpoints(ctx, r, publicKey, past)
	if err != nil {
		return report, err
	}
	report.Checkpoints = len(signed)
	chain := r.verifyChain(ctx, signed, &report, progress)
	fault, isFault := errors.AsType[ledger.Fault](chain)
	if chain != nil && !isFault {
		return report, chain
	}
	row, err := firstBadFact(ctx, r, now, func() error { return progress(report.Entries) })
	switch {
	case err != nil:
		return report, err
	case isFault && row != nil && fault.Before(*row), isFault && row == nil:
		return report, fault
	case row != nil:
		return report, *row
	}
	return report, nil
}

// checkpoints are all that are signed, smallest first; two of one size must agree.
func checkpoints(ctx context.Context, r reader, publicKey string, past []string) ([]ledger.Checkpoint, error) {
	notes, err := many(ctx, r, pgx.RowTo[string], `SELECT note FROM ledger_checkpoint ORDER BY size`)
	if err != nil {
		return nil, err
	}
	var out []ledger.Checkpoint
	for _, note := range append(notes, past...) {
		c, err := ledger.OpenCheckpoint(note, publicKey)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b ledger.Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	return out, nil
}
