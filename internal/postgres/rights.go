package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// maxRights bounds what a page of rights requests shows.
const maxRights = 100

// InsertRightsRequest keeps the citizen's words under their own key, bound to the
// request.
func (t *tx) InsertRightsRequest(ctx context.Context, r consent.RightsRequest) error {
	known, err := t.sealing(ctx, r.Subject)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO rights_request (id, subject_id, kind, message, state, asked_at, due_on, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.ID, r.Subject, r.Right, known.key.Seal(nil, nil, []byte(r.Message), []byte(r.ID)), r.State, r.AskedAt, day(r.DueOn), orNull(r.ClosedAt))
}

// RightsRequests are the citizen's, newest first.
func (r reader) RightsRequests(ctx context.Context, subject consent.SubjectID) ([]consent.RightsRequest, error) {
	return many(ctx, r, r.scanRights, `SELECT q.id, q.subject_id, q.kind, s.wrapped_key, q.message, q.state, q.asked_at, q.due_on, q.closed_at
		FROM rights_request q JOIN subject s ON s.id = q.subject_id
		WHERE q.subject_id = $1 ORDER BY q.asked_at DESC, q.id DESC LIMIT $2`, subject, maxRights)
}

func (r reader) scanRights(row pgx.CollectableRow) (q consent.RightsRequest, err error) {
	var wrapped, message []byte
	var due, closed *time.Time
	if err = row.Scan(&q.ID, &q.Subject, &q.Right, &wrapped, &message, &q.State, &q.AskedAt, &due, &closed); err != nil {
		return q, err
	}
	q.AskedAt, q.DueOn, q.ClosedAt = q.AskedAt.UTC(), dateOf(due), utc(closed)
	key, err := r.keys.openSubjectKey(string(q.Subject), wrapped)
	if err != nil {
		return q, err
	}
	plain, err := key.Open(nil, nil, message, []byte(q.ID))
	q.Message = string(plain)
	return q, err
}
