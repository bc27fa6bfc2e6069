package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const deliveryColumns = `e.id, d.jti, e.at, e.type, e.client_id, e.sub, e.grant_id, e.request_id, e.recipient, e.data_set, e.month, c.event_endpoint, d.attempts, d.reason`

func scanDelivery(row pgx.CollectableRow) (d consent.EventDelivery, err error) {
	var month string
	err = row.Scan(&d.Sequence, &d.JTI, &d.At, &d.Type, &d.ClientID, &d.Sub, &d.GrantID, &d.RequestID, &d.Recipient, &d.DataSet, &month, &d.Endpoint, &d.Attempts, &d.Reason)
	if d.At = d.At.UTC(); month != "" && err == nil {
		d.Month, err = consent.ParsePeriod(month)
	}
	return d, err
}

// ClaimEvents takes events that are due and lends them to the caller until lease:
// whoever dies with them loses them to the next caller. An event waits while an
// earlier one of its stream is not settled. Clients in busy get none.
func (db *DB) ClaimEvents(ctx context.Context, now, lease time.Time, busy []string, limit int) ([]consent.EventDelivery, error) {
	return many(ctx, db.reader, scanDelivery, `
		WITH due AS (
			SELECT d.event_id FROM event_delivery d JOIN client c ON c.id = d.client_id
			WHERE d.state = 'pending' AND d.due_at <= $1 AND c.event_endpoint <> '' AND d.client_id <> ALL ($3)
				AND NOT EXISTS (SELECT FROM event_delivery p WHERE p.client_id = d.client_id AND p.stream = d.stream
					AND p.state = 'pending' AND p.event_id < d.event_id)
			ORDER BY d.due_at LIMIT $4 FOR UPDATE OF d SKIP LOCKED),
		d AS (
			UPDATE event_delivery SET due_at = $2, attempts = attempts + 1 FROM due
			WHERE event_delivery.event_id = due.event_id RETURNING event_delivery.*)
		SELECT `+deliveryColumns+` FROM d JOIN outbox_event e ON e.id = d.event_id JOIN client c ON c.id = d.client_id ORDER BY e.id`,
		now, lease, append([]string{}, busy...), limit)
}

// EventDelivered settles an event.
func (db *DB) EventDelivered(ctx context.Context, sequence int64, now time.Time) error {
	return db.exec(ctx, `UPDATE event_delivery SET state = 'delivered', settled_at = $2, reason = '' WHERE event_id = $1 AND state <> 'delivered'`, sequence, now)
}

// EventFailed puts an event off until due, or gives it up when due is zero.
func (db *DB) EventFailed(ctx context.Context, sequence int64, reason string, due time.Time) error {
	if due.IsZero() {
		return db.exec(ctx, `UPDATE event_delivery SET state = 'dead', reason = $2 WHERE event_id = $1 AND state = 'pending'`, sequence, reason)
	}
	return db.exec(ctx, `UPDATE event_delivery SET due_at = $3, reason = $2 WHERE event_id = $1 AND state = 'pending'`, sequence, reason, due)
}

// OpenEvents are a client's events that it has not acknowledged, in order. Those it
// refused, or could not be told, come last: they must not keep the others from it.
func (r reader) OpenEvents(ctx context.Context, clientID string, limit int) ([]consent.EventDelivery, error) {
	return many(ctx, r, scanDelivery, `SELECT `+deliveryColumns+`
		FROM event_delivery d JOIN outbox_event e ON e.id = d.event_id JOIN client c ON c.id = d.client_id
		WHERE d.client_id = $1 AND d.state <> 'delivered' ORDER BY d.state = 'dead', d.event_id LIMIT $2`, clientID, limit)
}

// AcknowledgeEvents settles events of a client's own.
func (db *DB) AcknowledgeEvents(ctx context.Context, clientID string, jtis []string, now time.Time) error {
	return db.exec(ctx, `UPDATE event_delivery SET state = 'delivered', settled_at = $3, reason = ''
		WHERE client_id = $1 AND jti = ANY ($2) AND state <> 'delivered'`, clientID, jtis, now)
}

// RejectEvent keeps a client's complaint about an event; it is not sent again by
// itself.
func (db *DB) RejectEvent(ctx context.Context, clientID, jti, reason string) error {
	return db.exec(ctx, `UPDATE event_delivery SET state = 'dead', reason = $3 WHERE client_id = $1 AND jti = $2 AND state = 'pending'`, clientID, jti, reason)
}

// DeadEvents are the events nobody could be told, of all clients.
func (r reader) DeadEvents(ctx context.Context, limit int) ([]consent.EventDelivery, error) {
	return many(ctx, r, scanDelivery, `SELECT `+deliveryColumns+`
		FROM event_delivery d JOIN outbox_event e ON e.id = d.event_id JOIN client c ON c.id = d.client_id
		WHERE d.state = 'dead' ORDER BY d.event_id LIMIT $1`, limit)
}

// ReviveEvents tries a client's dead events once more; it returns how many.
func (db *DB) ReviveEvents(ctx context.Context, clientID string, now time.Time) (int, error) {
	ids, err := many(ctx, db.reader, pgx.RowTo[int64], `UPDATE event_delivery SET state = 'pending', attempts = 0, due_at = $2
		WHERE client_id = $1 AND state = 'dead' RETURNING event_id`, clientID, now)
	return len(ids), err
}
