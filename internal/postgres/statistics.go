package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// Statistics counts in one statement: each kind of fact is read from the index of its
// authority and instant, and grouped by the database.
func (r reader) Statistics(ctx context.Context, q consent.StatisticsQuery) ([]consent.Tally, error) {
	sql, args := statistics(q)
	return many(ctx, r, scanTally, sql, args)
}

func statistics(q consent.StatisticsQuery) (string, pgx.StrictNamedArgs) {
	var all []consent.DataGroup
	var of []string
	for _, set := range consent.DataSets() {
		for _, g := range set.Groups {
			all, of = append(all, g), append(of, set.Type)
		}
	}
	return tallies, pgx.StrictNamedArgs{"recipient": q.Recipient, "since": q.Since, "until": q.Until, "groups": groups(all), "sets": of}
}

// The empty subject is whoever refused before signing in: nobody who is known. Persons
// are counted from rows of one a person and cell, so that nothing is sorted twice. The
// offset keeps each refusal's request from being sought among all requests.
const tallies = `
	WITH fact AS (
		SELECT 'requests' AS figure, created_at AS at, subject_id FROM request
			WHERE recipient = @recipient AND created_at >= @since AND created_at < @until
		UNION ALL
		SELECT 'grants', created_at, subject_id FROM consent_grant
			WHERE recipient = @recipient AND created_at >= @since AND created_at < @until
		UNION ALL
		SELECT 'withdrawals', withdrawn_at, subject_id FROM consent_grant
			WHERE recipient = @recipient AND status = 'withdrawn' AND withdrawn_at >= @since AND withdrawn_at < @until
		UNION ALL
		SELECT 'refusals', d.at, nullif(d.subject_id, '')
			FROM decision d, LATERAL (SELECT recipient FROM request WHERE id = d.request_id OFFSET 0) AS r
			WHERE d.client_id = ANY (ARRAY(SELECT id FROM client WHERE siret = @recipient UNION ALL SELECT client_id FROM delegation WHERE siret = @recipient))
			AND NOT d.allowed AND d.at >= @since AND d.at < @until AND r.recipient = @recipient
	), told AS (
		SELECT figure, date_trunc('month', at AT TIME ZONE 'Europe/Paris') AS month, subject_id, count(*) AS n FROM fact GROUP BY 1, 2, 3
	), used AS (
		SELECT date_trunc('month', a.opened_at AT TIME ZONE 'Europe/Paris') AS month, g.purpose, a.subject_id, a.data_set, a.data_groups, count(*) AS n
		FROM access a JOIN consent_grant g ON g.subject_id = a.subject_id AND g.id = a.grant_id
		WHERE a.recipient = @recipient AND a.opened_at >= @since AND a.opened_at < @until AND a.outcome IN ('released', 'verified')
		GROUP BY 1, 2, 3, 4, 5
	), cell AS (
		SELECT figure, '' AS purpose, '' AS data_group, month, sum(n) AS n, count(subject_id) AS persons, 0 AS others, 0 AS in_set FROM told GROUP BY figure, month
		UNION ALL
		SELECT 'accesses', coalesce(purpose, ''), '', month, sum(n), count(DISTINCT subject_id), 0, 0 FROM used GROUP BY GROUPING SETS ((month), (month, purpose))
		UNION ALL
		SELECT 'accesses', purpose, data_group, month, coalesce(sum(n) FILTER (WHERE data_group = ANY(data_groups)), 0),
			count(DISTINCT subject_id) FILTER (WHERE data_group = ANY(data_groups)),
			count(DISTINCT subject_id) FILTER (WHERE NOT data_group = ANY(data_groups)), count(DISTINCT subject_id)
		FROM used JOIN unnest(@groups::text[], @sets::text[]) AS known(data_group, of_set) ON of_set = data_set GROUP BY month, purpose, data_group
	)
	SELECT figure, purpose, data_group, extract(year FROM month)::int, extract(month FROM month)::int, n::bigint, persons, others, in_set FROM cell`

func scanTally(row pgx.CollectableRow) (t consent.Tally, err error) {
	err = row.Scan(&t.Figure, &t.Purpose, &t.Group, &t.Month.Year, &t.Month.Month, &t.Count, &t.Persons, &t.Others, &t.InSet)
	return t, err
}

// AccessDays reads of each authority the days that are asked for.
func (r reader) AccessDays(ctx context.Context, recipients []consent.SIRET, since, until time.Time) ([]consent.AccessDay, error) {
	return many(ctx, r, scanAccessDay, accessDays, append([]consent.SIRET{}, recipients...), since, until)
}

// The night is from 22:00 to 06:00: two hours later, these are the first eight.
const accessDays = `
	SELECT recipient, extract(year FROM day)::int, extract(month FROM day)::int, extract(day FROM day)::int,
		count(*), count(*) FILTER (WHERE extract(hour FROM day + interval '2 hours') < 8),
		count(*) FILTER (WHERE outcome = 'refused' AND EXISTS (SELECT FROM consent_grant g WHERE g.subject_id = called.subject_id
			AND g.id = called.grant_id AND g.status = 'withdrawn' AND g.withdrawn_at <= called.opened_at))
	FROM unnest($1::text[]) AS asked, LATERAL (
		SELECT recipient, subject_id, grant_id, outcome, opened_at, opened_at AT TIME ZONE 'Europe/Paris' AS day
		FROM access WHERE recipient = asked AND opened_at >= $2 AND opened_at < $3) AS called
	GROUP BY 1, 2, 3, 4`

func scanAccessDay(row pgx.CollectableRow) (d consent.AccessDay, err error) {
	err = row.Scan(&d.Recipient, &d.Day.Year, &d.Day.Month, &d.Day.Day, &d.Calls, &d.Night, &d.Withdrawn)
	return d, err
}
