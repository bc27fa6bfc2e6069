package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// AccessMonths counts by civil month in Paris, in one statement: each month is one
// stretch of an index, of which no row is read unless one party is asked for.
func (r reader) AccessMonths(ctx context.Context, q consent.HistoryQuery) ([]consent.MonthCount, error) {
	where, args := historySpan(q)
	return many(ctx, r, scanMonthCount, `
		SELECT extract(year FROM month)::int, extract(month FROM month)::int, n
		FROM generate_series(date_trunc('month', @since::timestamptz AT TIME ZONE 'Europe/Paris'), @until::timestamptz AT TIME ZONE 'Europe/Paris', '1 month') AS month,
			LATERAL (SELECT count(*) AS n FROM (SELECT subject_id, client_id, recipient, opened_at AS at FROM access) AS a
				WHERE `+where+` AND at >= month AT TIME ZONE 'Europe/Paris' AND at < (month + interval '1 month') AT TIME ZONE 'Europe/Paris') AS counted
		WHERE n > 0 ORDER BY month`, args)
}

func scanMonthCount(row pgx.CollectableRow) (m consent.MonthCount, err error) {
	err = row.Scan(&m.Month.Year, &m.Month.Month, &m.Count)
	return m, err
}

// Askers goes from one to the next through the index: a thousand requests of one
// administration cost what one does.
func (r reader) Askers(ctx context.Context, subject consent.SubjectID) ([]consent.Party, error) {
	return many(ctx, r, pgx.RowToStructByPos[consent.Party], askers, subject, maxParties)
}

const askers = `
	WITH RECURSIVE asker AS (
		(SELECT client_id, recipient FROM request WHERE subject_id = $1 ORDER BY client_id, recipient LIMIT 1)
		UNION ALL
		SELECT next.client_id, next.recipient FROM asker, LATERAL (
			SELECT client_id, recipient FROM request
			WHERE subject_id = $1 AND (client_id, recipient) > (asker.client_id, asker.recipient)
			ORDER BY client_id, recipient LIMIT 1) AS next
	) SELECT client_id, recipient FROM asker LIMIT $2`
