package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent/ledger"
)

const signedColumns = `size, at, note`

func scanSigned(row pgx.CollectableRow) (s ledger.Signed, err error) {
	err = row.Scan(&s.Size, &s.At, &s.Note)
	s.At = s.At.UTC()
	return s, err
}

// Checkpoints are read along the instants when a day is asked for, which sorts at most
// a day's; otherwise along the sizes.
func (db *DB) Checkpoints(ctx context.Context, q ledger.CheckpointQuery) ([]ledger.Signed, error) {
	if q.Day.IsZero() {
		return many(ctx, db.reader, scanSigned, `SELECT `+signedColumns+` FROM ledger_checkpoint WHERE $1 = 0 OR size < $1 ORDER BY size DESC LIMIT $2`, q.Before, q.Limit)
	}
	return many(ctx, db.reader, scanSigned, `WITH day AS MATERIALIZED (SELECT size FROM ledger_checkpoint WHERE at >= $1 AND at < $2)
		SELECT `+signedColumns+` FROM ledger_checkpoint WHERE size IN (SELECT size FROM day WHERE $3 = 0 OR size < $3 ORDER BY size DESC LIMIT $4) ORDER BY size DESC`,
		q.Day.Start(), q.Day.End(), q.Before, q.Limit)
}

// SignedAt is the checkpoint of a size.
func (db *DB) SignedAt(ctx context.Context, size int64) (ledger.Signed, error) {
	return one(ctx, db.reader, scanSigned, `SELECT `+signedColumns+` FROM ledger_checkpoint WHERE size = $1`, size)
}

// placesAtOnce bounds how many places are looked at for entries of a kind: they have no
// index of their own, which every writer would pay for.
const placesAtOnce = 10000

func scanPlacedEntry(row pgx.CollectableRow) (p ledger.Placed, err error) {
	p.Entry, err = scanEntryWith(row, &p.Index)
	return p, err
}

// Entries walk back from the last place; a day is between two checkpoints.
func (db *DB) Entries(ctx context.Context, q ledger.EntryQuery) (list []ledger.Placed, next int64, err error) {
	first, last, err := db.places(ctx, q)
	if err != nil || first >= last {
		return nil, 0, err
	}
	from := max(first, last-placesAtOnce)
	list, err = many(ctx, db.reader, scanPlacedEntry, `SELECT `+entryColumns+`, l.index FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id
		WHERE l.index >= $1 AND l.index < $2 AND $3 IN ('', e.kind) ORDER BY l.index DESC LIMIT $4`, from, last, string(q.Kind), q.Limit)
	if len(list) == q.Limit {
		from = list[len(list)-1].Index
	}
	if from <= first {
		from = 0
	}
	return list, from, err
}

// places are those that a query may find something at, the last one excluded.
func (db *DB) places(ctx context.Context, q ledger.EntryQuery) (first, last int64, err error) {
	if q.Day.IsZero() {
		last, err = one(ctx, db.reader, pgx.RowTo[int64], `SELECT size FROM ledger_head`)
	} else {
		const upTo = `coalesce((SELECT size FROM ledger_checkpoint WHERE at < $1 ORDER BY at DESC, size DESC LIMIT 1), 0)`
		if first, err = one(ctx, db.reader, pgx.RowTo[int64], `SELECT `+upTo, q.Day.Start()); err == nil {
			last, err = one(ctx, db.reader, pgx.RowTo[int64], `SELECT `+upTo, q.Day.End())
		}
	}
	if q.Before > 0 {
		last = min(last, q.Before)
	}
	return first, last, err
}

// Leaves are entries in the order of the tree.
func (db *DB) Leaves(ctx context.Context, from, to int64, limit int) ([]ledger.Placed, error) {
	return many(ctx, db.reader, scanPlacedEntry, `SELECT `+entryColumns+`, l.index FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id
		WHERE l.index >= $1 AND l.index < $2 ORDER BY l.index LIMIT $3`, from, to, limit)
}

// Entry finds one by its number, placed or not.
func (db *DB) Entry(ctx context.Context, number int64) (ledger.Placed, error) {
	return one(ctx, db.reader, scanPlacedEntry, `SELECT `+entryColumns+`, coalesce(l.index, -1) FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id WHERE e.id = $1`, number)
}

// Nodes are stored hashes of the tree.
func (db *DB) Nodes(ctx context.Context, indexes []int64) ([]tlog.Hash, error) {
	return storedHashes{ctx, db.reader}.ReadHashes(indexes)
}

var _ ledger.Store = (*DB)(nil)
