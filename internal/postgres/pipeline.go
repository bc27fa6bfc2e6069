package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pipeline is one transaction on one connection, in as few round trips as its
// answers allow. A statement whose answer nobody waits for goes along with the next
// one that has an answer, or with COMMIT; BEGIN goes along with the first. The order
// is kept, and an error of a statement that waited is the error of the call that
// sent it: the transaction fails as a whole either way.
type pipeline struct {
	conn    *pgxpool.Conn
	waiting []statement
	begun   bool // on the server; it ends with COMMIT or ROLLBACK
}

type statement struct {
	sql  string
	args []any
}

// later leaves a statement for the next round trip.
func (p *pipeline) later(sql string, args ...any) {
	p.waiting = append(p.waiting, statement{sql, args})
}

// Query sends what waits and a statement, and reads its rows.
func (p *pipeline) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	results, err := p.send(ctx, statement{sql, args})
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	return &answer{rows, results}, err
}

// Exec sends what waits and a statement, and tells what it changed.
func (p *pipeline) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	results, err := p.send(ctx, statement{sql, args})
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	return tag, errors.Join(err, results.Close())
}

// send makes one round trip; the answer of the last statement is left to read.
func (p *pipeline) send(ctx context.Context, last statement) (pgx.BatchResults, error) {
	before := p.waiting
	if !p.begun {
		before = append([]statement{{sql: "BEGIN"}}, before...)
	}
	p.begun, p.waiting = true, nil
	return p.flush(ctx, before, last)
}

// flush reads the answers of the statements before the last one.
func (p *pipeline) flush(ctx context.Context, before []statement, last statement) (pgx.BatchResults, error) {
	batch := &pgx.Batch{}
	for _, s := range append(before, last) {
		batch.Queue(s.sql, s.args...)
	}
	results := p.conn.SendBatch(ctx, batch)
	for range before {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // says the same
			return nil, err
		}
	}
	return results, nil
}

// commit ends the transaction. One that was never begun has only statements that
// wait: PostgreSQL takes what is sent at once as one transaction.
func (p *pipeline) commit(ctx context.Context) error {
	if p.begun {
		p.later("COMMIT")
	}
	all := p.waiting
	p.waiting = nil
	if len(all) == 0 {
		return nil
	}
	results, err := p.flush(ctx, all[:len(all)-1], all[len(all)-1])
	if err != nil {
		return err
	}
	tag, err := results.Exec()
	if err = errors.Join(err, results.Close()); err != nil {
		return err
	}
	if p.begun && tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	p.begun = false
	return nil
}

// end rolls back what was not committed. When that fails the pool does not keep the
// connection.
func (p *pipeline) end(ctx context.Context) {
	if !p.begun || p.conn.Conn().IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = p.conn.Exec(ctx, "ROLLBACK")
}

// answer is the rows of the last statement of a round trip.
type answer struct {
	pgx.Rows
	results pgx.BatchResults
}

// Close gives the connection back to the transaction.
func (a *answer) Close() {
	a.Rows.Close()
	_ = a.results.Close() // the rows have said it
}
