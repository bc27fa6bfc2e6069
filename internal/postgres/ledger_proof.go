package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
	"portail.example/consent/ledger"
)

// Checkpoint is the newest signed one. It fails with consent.NotFound before the first.
func (db *DB) Checkpoint(ctx context.Context) (string, error) {
	return one(ctx, db.reader, pgx.RowTo[string], `SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1`)
}

// Proof shows that the first entry about a thing is in the tree of the newest
// checkpoint, with the row it speaks of as it is now. It fails with consent.NotFound
// when there is none, or not yet.
func (db *DB) Proof(ctx context.Context, subject consent.SubjectID, kind consent.EntryKind, ref string) (p ledger.Proof, err error) {
	written := `''`
	if f, ok := factOf(kind); ok {
		written = `coalesce((SELECT ` + f.row + ` FROM ` + f.table + ` r WHERE ` + f.key + `), '')`
	}
	var index, size int64
	var note, row string
	entry, err := one(ctx, db.reader, func(found pgx.CollectableRow) (ledger.Entry, error) {
		return scanEntryWith(found, &index, &size, &note, &row)
	}, `SELECT `+entryColumns+`, l.index, c.size, c.note, `+written+` FROM ledger_entry e JOIN ledger_leaf l ON l.entry_id = e.id
		CROSS JOIN LATERAL (SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1) c
		WHERE e.subject_id = $1 AND e.kind = $2 AND e.ref = $3 ORDER BY e.id LIMIT 1`, subject, kind, ref)
	if err != nil {
		return ledger.Proof{}, err
	}
	return ledger.Prove(entry, row, index, size, note, storedHashes{ctx, db.reader})
}
