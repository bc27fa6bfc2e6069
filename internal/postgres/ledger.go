package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"portail.example/consent/ledger"
)

// sequenceAtOnce bounds a round of the sequencer.
const sequenceAtOnce = 5000

// entryColumns are those that scanEntry reads.
const entryColumns = `e.id, e.at, e.kind, e.subject_id, e.client_id, e.ref, e.request_id, e.grant_id, e.text_hash, e.fact`

// Sequence gives entries their place in the tree and signs the checkpoint of its new
// size; it returns how many it placed. Entries of transactions that still run, and
// all that started after the oldest of them, wait for the next round. Two sequencers
// at once take turns.
func (db *DB) Sequence(ctx context.Context, sign *ledger.Signer, now time.Time) (placed int, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(t pgx.Tx) error {
		placed, err = sequence(ctx, reader{q: t}, sign, now)
		return err
	})
	return placed, translate(err)
}

// head is how far the sequencer is.
type head struct {
	Size    int64
	Tx      string
	EntryID int64
}

func sequence(ctx context.Context, r reader, sign *ledger.Signer, now time.Time) (int, error) {
	from, err := one(ctx, r, pgx.RowToStructByPos[head], `SELECT size, tx::text, entry_id FROM ledger_head FOR UPDATE`)
	if err != nil {
		return 0, err
	}
	next, entries, err := unplaced(ctx, r, from)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	growth, err := ledger.Grow(from.Size, entries, storedHashes{ctx, r})
	if err != nil {
		return 0, err
	}
	return len(entries), keepGrowth(ctx, r, from, next, entries, growth, sign, now)
}

// unplaced are the entries after the head, in the order of the tree.
func unplaced(ctx context.Context, r reader, from head) (next head, entries []ledger.Entry, err error) {
	next = from
	entries, err = many(ctx, r, func(row pgx.CollectableRow) (e ledger.Entry, err error) {
		e, err = scanEntryWith(row, &next.Tx)
		next.EntryID = e.ID
		return e, err
	}, `SELECT `+entryColumns+`, e.tx::text FROM ledger_entry e
		WHERE (e.tx, e.id) > ($1::text::xid8, $2) AND e.tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY e.tx, e.id LIMIT $3`, from.Tx, from.EntryID, sequenceAtOnce)
	next.Size += int64(len(entries))
	return next, entries, err
}

// scanEntryWith also scans the columns that follow an entry's.
func scanEntryWith(row pgx.CollectableRow, more ...any) (e ledger.Entry, err error) {
	err = row.Scan(append([]any{&e.ID, &e.At, &e.Kind, &e.Subject, &e.ClientID, &e.Ref, &e.RequestID, &e.GrantID, &e.TextHash, &e.Fact}, more...)...)
	e.At = e.At.UTC()
	return e, err
}

// keepGrowth writes places, hashes, checkpoint and head.
func keepGrowth(ctx context.Context, r reader, from, next head, entries []ledger.Entry, g *ledger.Growth, sign *ledger.Signer, now time.Time) error {
	root, err := g.Root()
	if err != nil {
		return err
	}
	note, err := sign.Sign(g.Size, root)
	if err != nil {
		return err
	}
	ids, hashes := make([]int64, len(entries)), make([][]byte, len(g.Hashes))
	for i, e := range entries {
		ids[i] = e.ID
	}
	for i := range g.Hashes {
		hashes[i] = g.Hashes[i][:]
	}
	for _, step := range []statement{
		{`INSERT INTO ledger_leaf SELECT $1 + n - 1, id FROM unnest($2::bigint[]) WITH ORDINALITY AS new (id, n)`, []any{from.Size, ids}},
		{`INSERT INTO ledger_hash SELECT $1 + n - 1, hash FROM unnest($2::bytea[]) WITH ORDINALITY AS new (hash, n)`, []any{g.First, hashes}},
		{`INSERT INTO ledger_checkpoint (size, at, note) VALUES ($1, $2, $3)`, []any{g.Size, now, note}},
		{`UPDATE ledger_head SET size = $1, tx = $2::text::xid8, entry_id = $3`, []any{next.Size, next.Tx, next.EntryID}},
	} {
		if err := r.exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// storedHashes reads the nodes of the tree.
type storedHashes struct {
	ctx context.Context
	reader
}

// ReadHashes reads nodes in the order they are asked for.
func (s storedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out, err := many(s.ctx, s.reader, scanNode, `SELECT h.hash FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (index, n) JOIN ledger_hash h USING (index) ORDER BY wanted.n`, indexes)
	if err == nil && len(out) != len(indexes) {
		err = ledger.Fault{What: "nodes of the tree are missing"}
	}
	return out, err
}
