package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail.example/consent"
)

// Config of a database.
type Config struct {
	URL      string
	MaxConns int32
	// Keys may be left out by tools that touch no citizen.
	Keys Keys
}

// DB is the portal's memory. It implements consent.Store.
type DB struct {
	reader
	pool *pgxpool.Pool
}

var _ consent.Store = (*DB)(nil)

// Open connects and refuses a schema that is not current. It does not migrate.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	config, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("not a PostgreSQL URL") // the cause may quote the password
	}
	config.MaxConns = cfg.MaxConns
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	db := &DB{reader: reader{q: pool, keys: cfg.Keys}, pool: pool}
	if err := db.current(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// Close gives all connections back.
func (db *DB) Close() { db.pool.Close() }

// Ready reports whether the database answers and its schema is current.
func (db *DB) Ready(ctx context.Context) error { return db.current(ctx) }

// attempts bounds how often a transaction runs after a serialization failure.
const attempts = 4

// Transact runs fn in a read-committed transaction; rows are locked where two
// callers must not pass each other. The pool is never asked for a second
// connection inside: a full pool would then wait for itself.
func (db *DB) Transact(ctx context.Context, fn func(consent.Tx) error) (err error) {
	for range attempts {
		if err = db.attempt(ctx, fn); !retryable(err) {
			break
		}
	}
	return translate(err)
}

func (db *DB) attempt(ctx context.Context, fn func(consent.Tx) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	p := &pipeline{conn: conn}
	defer p.end(ctx)
	if err := fn(&tx{reader{q: p, keys: db.keys}, p}); err != nil {
		return err
	}
	return p.commit(ctx)
}

// tx is the store inside one transaction.
type tx struct {
	reader
	pipeline *pipeline
}

// exec leaves a statement whose answer nobody waits for to the next round trip; its
// error is that of whatever sends it, of the commit at the latest.
func (t *tx) exec(_ context.Context, sql string, args ...any) error {
	t.pipeline.later(sql, args...)
	return nil
}

// querier is what a pool and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// reader holds every method that works in and out of a transaction.
type reader struct {
	q    querier
	keys Keys
}

// one reads exactly one row, or fails with consent.NotFound.
func one[T any](ctx context.Context, r reader, scan pgx.RowToFunc[T], sql string, args ...any) (T, error) {
	rows, err := r.q.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, translate(err)
	}
	out, err := pgx.CollectExactlyOneRow(rows, scan)
	return out, translate(err)
}

// many reads all rows.
func many[T any](ctx context.Context, r reader, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, err := r.q.Query(ctx, sql, args...)
	if err != nil {
		return nil, translate(err)
	}
	out, err := pgx.CollectRows(rows, scan)
	return out, translate(err)
}

// exec runs a statement.
func (r reader) exec(ctx context.Context, sql string, args ...any) error {
	_, err := r.q.Exec(ctx, sql, args...)
	return translate(err)
}

// changed runs a conditional statement and reports whether it changed a row.
func (r reader) changed(ctx context.Context, sql string, args ...any) (bool, error) {
	tag, err := r.q.Exec(ctx, sql, args...)
	return tag.RowsAffected() > 0, translate(err)
}
