package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

var _ consent.ProviderGate = (*DB)(nil)

// takeTurn takes a call out of the recipient's budget and, if that worked, out of the
// habilitation's, and reads the circuit: one round trip, two row locks of a moment,
// always in this order. No call is taken to come before one that was counted: its instant
// is the latest that was seen.
const takeTurn = `
	WITH part AS (
		INSERT INTO provider_budget AS b (habilitation, recipient, next_at, seen_at) VALUES ($1, $2, $3::timestamptz + $4::interval, $3)
		ON CONFLICT (habilitation, recipient) DO UPDATE SET next_at = greatest(b.next_at, b.seen_at, $3) + $4::interval, seen_at = greatest(b.seen_at, $3)
		WHERE b.next_at <= greatest(b.seen_at, $3) + $5::interval RETURNING 1
	), whole AS (
		INSERT INTO provider_budget AS b (habilitation, recipient, next_at, seen_at) SELECT $1, '', $3::timestamptz + $6::interval, $3 FROM part
		ON CONFLICT (habilitation, recipient) DO UPDATE SET next_at = greatest(b.next_at, b.seen_at, $3) + $6::interval, seen_at = greatest(b.seen_at, $3)
		WHERE b.next_at <= greatest(b.seen_at, $3) + $7::interval RETURNING 1
	)
	SELECT EXISTS (SELECT FROM whole), c.failures, c.open_until
	FROM (VALUES (1)) here LEFT JOIN provider_circuit c ON c.habilitation = $1 AND c.data_set = $8`

// gateRow is what takeTurn found.
type gateRow struct {
	Taken    bool
	Failures *int
	Until    *time.Time
}

// AdmitCall takes one call out of the budgets, unless the circuit is open.
func (db *DB) AdmitCall(ctx context.Context, call consent.ProviderCall) (consent.ProviderTurn, error) {
	payer, part := call.Budget()
	whole := call.Limits.Whole()
	row, err := one(ctx, db.reader, pgx.RowToStructByPos[gateRow], takeTurn, call.Habilitation, payer, call.At,
		part.Step, part.Slack(), whole.Step, whole.Slack(), call.DataSet)
	if err != nil {
		return consent.ProviderTurn{}, err
	}
	if orZero(row.Failures) >= call.Limits.Failures {
		if admitted, err := db.probe(ctx, call); err != nil || !admitted {
			return consent.ProviderTurn{Refusal: consent.ProviderDown, Wait: max(row.Until.Sub(call.At), time.Second)}, err
		}
	}
	if !row.Taken {
		return db.spent(ctx, call)
	}
	return consent.ProviderTurn{Troubled: row.Failures != nil}, nil
}

// probe lets one caller through when the cool-down is over.
func (db *DB) probe(ctx context.Context, call consent.ProviderCall) (bool, error) {
	return db.changed(ctx, `UPDATE provider_circuit SET open_until = $3 WHERE habilitation = $1 AND data_set = $2 AND open_until <= $4`,
		call.Habilitation, call.DataSet, call.At.Add(call.Limits.Probe), call.At)
}

// spent says when there will be a call again.
func (db *DB) spent(ctx context.Context, call consent.ProviderCall) (consent.ProviderTurn, error) {
	payer, part := call.Budget()
	at, err := one(ctx, db.reader, pgx.RowTo[*time.Time], `
		SELECT $5::timestamptz + max(next_at - greatest(seen_at, $5) - CASE recipient WHEN '' THEN $3::interval ELSE $4::interval END) FROM provider_budget
		WHERE habilitation = $1 AND recipient IN ('', $2)`, call.Habilitation, payer, call.Limits.Whole().Slack(), part.Slack(), call.At)
	return consent.ProviderTurn{Refusal: consent.ProviderBusy, Wait: max(utc(at).Sub(call.At), time.Millisecond)}, err
}

// CallFailed counts a failure; the last that is allowed opens the circuit.
func (db *DB) CallFailed(ctx context.Context, call consent.ProviderCall, pause time.Duration) error {
	return db.exec(ctx, `
		INSERT INTO provider_circuit AS c (habilitation, data_set, failures, open_until) VALUES ($1, $2, 1, CASE WHEN $3 <= 1 THEN $4::timestamptz ELSE $5 END)
		ON CONFLICT (habilitation, data_set) DO UPDATE SET failures = c.failures + 1,
			open_until = CASE WHEN c.failures + 1 >= $3 THEN $4 ELSE c.open_until END`,
		call.Habilitation, call.DataSet, call.Limits.Failures, call.Shut(pause), call.At)
}

// CallAnswered forgets the failures.
func (db *DB) CallAnswered(ctx context.Context, call consent.ProviderCall) error {
	return db.exec(ctx, `DELETE FROM provider_circuit WHERE habilitation = $1 AND data_set = $2`, call.Habilitation, call.DataSet)
}

// HoldCalls leaves the habilitation without calls until an instant.
func (db *DB) HoldCalls(ctx context.Context, call consent.ProviderCall, until time.Time) error {
	payer, pace := call.HeldBack()
	return db.exec(ctx, `
		INSERT INTO provider_budget AS b (habilitation, recipient, next_at, seen_at) VALUES ($1, $2, $3::timestamptz + $4::interval, $3)
		ON CONFLICT (habilitation, recipient) DO UPDATE SET next_at = greatest(b.next_at, greatest(b.seen_at, $3) + $4::interval)`,
		call.Habilitation, payer, call.At, until.Sub(call.At)+pace.Slack())
}
