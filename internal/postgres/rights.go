package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// maxRights bounds what a page of rights requests shows.
const maxRights = 100

const rightsSelect = `SELECT q.id, q.subject_id, q.kind, s.wrapped_key, q.message, q.state, q.asked_at, q.due_on, q.closed_at, q.entered_by, q.extended_at, q.lifts
	FROM rights_request q LEFT JOIN subject s ON s.id = q.subject_id`

// InsertRightsRequest keeps the citizen's words under their own key, bound to the
// request.
func (t *tx) InsertRightsRequest(ctx context.Context, r consent.RightsRequest) error {
	known, err := t.sealing(ctx, r.Subject)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO rights_request (id, subject_id, kind, message, state, asked_at, due_on, closed_at, entered_by, lifts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.ID, r.Subject, r.Right, known.key.Seal(nil, nil, []byte(r.Message), []byte(r.ID)), r.State, r.AskedAt, day(r.DueOn), orNull(r.ClosedAt), r.EnteredBy, r.Lifts)
}

// RightsRequests are the citizen's, newest first; none of a citizen who was erased.
func (r reader) RightsRequests(ctx context.Context, subject consent.SubjectID, after consent.RightsRequest, limit int) ([]consent.RightsRequest, error) {
	return many(ctx, r, r.scanRights, rightsSelect+`
		WHERE q.subject_id = $1 AND s.id IS NOT NULL AND ($2 = '' OR (q.asked_at, q.id) < ($3, $2)) ORDER BY q.asked_at DESC, q.id DESC LIMIT $4`,
		subject, after.ID, after.AskedAt, limit)
}

// RightsQueue are everybody's in a state.
func (r reader) RightsQueue(ctx context.Context, state consent.RightsState, after consent.RightsRequest, limit int) ([]consent.RightsRequest, error) {
	if state == consent.RightsOpen {
		return many(ctx, r, r.scanRights, rightsSelect+` WHERE q.state = 'open' AND ($1 = '' OR (q.due_on, q.id) > ($2, $1)) ORDER BY q.due_on, q.id LIMIT $3`,
			after.ID, day(after.DueOn), limit)
	}
	return many(ctx, r, r.scanRights, rightsSelect+` WHERE q.state = $4 AND ($1 = '' OR (q.asked_at, q.id) < ($2, $1)) ORDER BY q.asked_at DESC, q.id DESC LIMIT $3`,
		after.ID, after.AskedAt, limit, state)
}

// AnyRight is one request of anybody's.
func (r reader) AnyRight(ctx context.Context, id string) (consent.RightsRequest, error) {
	return one(ctx, r, r.scanRights, rightsSelect+` WHERE q.id = $1`, id)
}

func (r reader) scanRights(row pgx.CollectableRow) (q consent.RightsRequest, err error) {
	var wrapped, message []byte
	var due, closed, extended *time.Time
	if err = row.Scan(&q.ID, &q.Subject, &q.Right, &wrapped, &message, &q.State, &q.AskedAt, &due, &closed, &q.EnteredBy, &extended, &q.Lifts); err != nil {
		return q, err
	}
	q.AskedAt, q.DueOn, q.ClosedAt, q.ExtendedAt = q.AskedAt.UTC(), dateOf(due), utc(closed), utc(extended)
	if wrapped == nil { // erased: the words went with the key
		return q, nil
	}
	key, err := r.keys.openSubjectKey(string(q.Subject), wrapped)
	if err != nil {
		return q, err
	}
	plain, err := key.Open(nil, nil, message, []byte(q.ID))
	q.Message = string(plain)
	return q, err
}
