package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"portail.example/consent/ledger"
)

// LedgerReport is what a verification saw.
type LedgerReport struct {
	Entries     int64 // in the tree
	Waiting     int64 // written, and not placed yet
	Checkpoints int
}

// VerifyLedger checks the whole evidence: every entry against the tree, the tree
// against its signed checkpoints and against past ones that somebody kept, and every
// row that entries speak of against the last entry about it. It fails with a
// ledger.Fault that names the first bad entry. It reads one state of the database and
// changes nothing; memory does not grow with the ledger.
func (db *DB) VerifyLedger(ctx context.Context, publicKey string, past []string) (report LedgerReport, err error) {
	err = pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(t pgx.Tx) error {
		report, err = verifyLedger(ctx, reader{q: t}, publicKey, past)
		return err
	})
	return report, translate(err)
}

func verifyLedger(ctx context.Context, r reader, publicKey string, past []string) (report LedgerReport, err error) {
	signed, err := checkpoints(ctx, r, publicKey, past)
	if err != nil {
		return report, err
	}
	report.Checkpoints = len(signed)
	chain := r.verifyChain(ctx, signed, &report)
	fault, isFault := errors.AsType[ledger.Fault](chain)
	if chain != nil && !isFault {
		return report, chain
	}
	row, err := firstBadFact(ctx, r)
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

// firstBadFact compares every row that entries speak of with the last entry about it;
// nil when all agree. A row nobody vouches for has no entry to name.
func firstBadFact(ctx context.Context, r reader) (*ledger.Fault, error) {
	var first *ledger.Fault
	for _, f := range facts {
		found, err := many(ctx, r, pgx.RowToStructByPos[ledger.Fault], `
			WITH e AS (SELECT DISTINCT ON (subject_id, ref) id, subject_id, ref, fact FROM ledger_entry WHERE kind = ANY($1) ORDER BY subject_id, ref, id DESC)
			SELECT coalesce(e.id, 0), CASE WHEN e.id IS NULL THEN 'a row of `+f.table+` that no entry speaks of' WHEN r IS NULL THEN 'its row of `+f.table+` is gone'
				ELSE 'its row of `+f.table+` is not as it was' END
			FROM e FULL JOIN `+f.table+` r ON `+f.key+`
			WHERE e.id IS NULL OR r IS NULL OR e.fact IS NOT NULL AND e.fact IS DISTINCT FROM `+f.digest+` ORDER BY e.id NULLS LAST LIMIT 1`, f.kinds)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 && (first == nil || found[0].Before(*first)) {
			first = &found[0]
		}
	}
	if first != nil {
		return first, nil
	}
	return firstBadText(ctx, r)
}

// firstBadText finds a text that was shown and is not the one that was hashed.
func firstBadText(ctx context.Context, r reader) (*ledger.Fault, error) {
	found, err := many(ctx, r, pgx.RowToStructByPos[ledger.Fault], `
		SELECT coalesce(e.id, 0), 'the text that was shown is not as it was' FROM consent_text t LEFT JOIN ledger_entry e ON e.text_hash = t.hash
		WHERE t.hash <> sha256(convert_to(t.language || E'\n' || t.text, 'UTF8')) ORDER BY 1 LIMIT 1`)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}
