package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const reportColumns = `id, subject_id, agent_id, authority, since, until, state, lines, size, asked_at, moved_at, done_at`

func scanReport(row pgx.CollectableRow) (x consent.Report, err error) {
	var since, until, done *time.Time
	err = row.Scan(&x.ID, &x.Subject, &x.Agent, &x.Authority, &since, &until, &x.State, &x.Lines, &x.Size, &x.AskedAt, &x.MovedAt, &done)
	x.Since, x.Until, x.AskedAt, x.MovedAt, x.DoneAt = dateOf(since), dateOf(until), x.AskedAt.UTC(), x.MovedAt.UTC(), utc(done)
	return x, err
}

// Report is one of an agent's own.
func (r reader) Report(ctx context.Context, agent consent.AgentID, id string) (consent.Report, error) {
	return one(ctx, r, scanReport, `SELECT `+reportColumns+` FROM report WHERE id = $1 AND agent_id = $2`, id, agent)
}

// Reports are an agent's own, newest first.
func (r reader) Reports(ctx context.Context, agent consent.AgentID, limit int) ([]consent.Report, error) {
	return many(ctx, r, scanReport, `SELECT `+reportColumns+` FROM report WHERE agent_id = $1 ORDER BY asked_at DESC, id DESC LIMIT $2`, agent, limit)
}

func (t *tx) InsertReport(ctx context.Context, x consent.Report) error {
	return t.exec(ctx, `INSERT INTO report (`+reportColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		x.ID, x.Subject, x.Agent, x.Authority, day(x.Since), day(x.Until), x.State, x.Lines, x.Size, x.AskedAt, x.MovedAt, orNull(x.DoneAt))
}

// CountOpenReports locks the agent: two orders at once are counted one after the other.
func (t *tx) CountOpenReports(ctx context.Context, agent consent.AgentID) (int, error) {
	if err := t.exec(ctx, `SELECT FROM agent WHERE id = $1 FOR UPDATE`, agent); err != nil {
		return 0, err
	}
	return one(ctx, t.reader, pgx.RowTo[int], `SELECT count(*) FROM report WHERE agent_id = $1 AND state IN ('queued', 'running')`, agent)
}

// ClaimReport takes the next report; what an earlier attempt made of it goes.
func (db *DB) ClaimReport(ctx context.Context, now, still time.Time) (x consent.Report, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(t pgx.Tx) error {
		r := reader{q: t}
		x, err = one(ctx, r, scanReport, `UPDATE report SET state = 'running', lines = 0, size = 0, moved_at = $1
			WHERE (subject_id, id) = (SELECT subject_id, id FROM report WHERE state = 'queued' OR state = 'running' AND moved_at <= $2
				ORDER BY moved_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING `+reportColumns, now, still)
		if err != nil {
			return err
		}
		return r.exec(ctx, `DELETE FROM report_piece WHERE subject_id = $1 AND report_id = $2`, x.Subject, x.ID)
	})
	return x, translate(err)
}

func (t *tx) MoveReport(ctx context.Context, x consent.Report, before time.Time) (bool, error) {
	return t.changed(ctx, `UPDATE report SET state = $3, lines = $4, size = $5, moved_at = $6, done_at = $7
		WHERE subject_id = $1 AND id = $2 AND state = 'running' AND moved_at = $8`,
		x.Subject, x.ID, x.State, x.Lines, x.Size, x.MovedAt, orNull(x.DoneAt), before)
}
