package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// RightsDue counts the open ones.
func (r reader) RightsDue(ctx context.Context, today consent.Date) (consent.RightsDue, error) {
	return one(ctx, r, pgx.RowToStructByPos[consent.RightsDue], `SELECT count(*), count(*) FILTER (WHERE due_on < $1) FROM rights_request WHERE state = 'open'`, day(today))
}

// RightsRegister is a page of all of them. No key is opened for it.
func (r reader) RightsRegister(ctx context.Context, after consent.RightsRequest, limit int) ([]consent.RightsRequest, error) {
	return many(ctx, r, func(row pgx.CollectableRow) (q consent.RightsRequest, err error) {
		var due, closed, extended *time.Time
		err = row.Scan(&q.ID, &q.Right, &q.State, &q.AskedAt, &due, &closed, &q.EnteredBy, &extended, &q.Lifts)
		q.AskedAt, q.DueOn, q.ClosedAt, q.ExtendedAt = q.AskedAt.UTC(), dateOf(due), utc(closed), utc(extended)
		return q, err
	}, `SELECT id, kind, state, asked_at, due_on, closed_at, entered_by, extended_at, lifts FROM rights_request
		WHERE $1 = '' OR (asked_at, id) > ($2, $1) ORDER BY asked_at, id LIMIT $3`, after.ID, after.AskedAt, limit)
}

// UnreadRights are the citizen's about which something was written since they read.
func (r reader) UnreadRights(ctx context.Context, subject consent.SubjectID) ([]consent.RightsRequest, error) {
	return many(ctx, r, r.scanRights, rightsSelect+`
		WHERE q.subject_id = $1 AND s.id IS NOT NULL AND EXISTS (
			SELECT FROM rights_message m WHERE (m.subject_id, m.request_id) = (q.subject_id, q.id) AND m.at > coalesce(q.read_at, '-infinity'))
		ORDER BY q.asked_at DESC, q.id DESC LIMIT $2`, subject, maxRights)
}

func (t *tx) NoteRightsRead(ctx context.Context, subject consent.SubjectID, requestID string, at time.Time) error {
	return t.exec(ctx, `UPDATE rights_request SET read_at = $3 WHERE subject_id = $1 AND id = $2`, subject, requestID, at)
}
