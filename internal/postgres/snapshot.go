package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// Snapshot reads in one repeatable-read transaction. What fn writes goes through
// another connection, so the pool needs two. The instant is that of the first
// statement, not of BEGIN.
func (db *DB) Snapshot(ctx context.Context, fn func(consent.Reader) error) error {
	err := pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, `SELECT`); err != nil {
			return err
		}
		return fn(reader{q: t, keys: db.keys})
	})
	return translate(err)
}
