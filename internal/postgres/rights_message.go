package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// LockRight finds a request and keeps others from changing it.
func (t *tx) LockRight(ctx context.Context, id string) (consent.RightsRequest, error) {
	return one(ctx, t.reader, t.scanRights, rightsSelect+` WHERE q.id = $1 FOR UPDATE OF q`, id)
}

func (t *tx) UpdateRight(ctx context.Context, r consent.RightsRequest) error {
	return t.exec(ctx, `UPDATE rights_request SET state = $3, due_on = $4, closed_at = $5, extended_at = $6 WHERE subject_id = $1 AND id = $2`,
		r.Subject, r.ID, r.State, day(r.DueOn), orNull(r.ClosedAt), orNull(r.ExtendedAt))
}

// InsertRightsMessage keeps the officer's words under the citizen's key, bound to the
// message.
func (t *tx) InsertRightsMessage(ctx context.Context, m consent.RightsMessage) error {
	known, err := t.sealing(ctx, m.Subject)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO rights_message (id, subject_id, request_id, agent_id, kind, at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, m.Subject, m.Request, m.Agent, m.Kind, m.At, known.key.Seal(nil, nil, []byte(m.Text), []byte(m.ID)))
}

// RightsMessages are what was written about one of the citizen's, oldest first.
func (r reader) RightsMessages(ctx context.Context, subject consent.SubjectID, requestID string) ([]consent.RightsMessage, error) {
	wrapped, err := r.wrappedKey(ctx, subject)
	if consent.CodeOf(err) == consent.NotFound { // erased: the words went with the key
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := r.keys.openSubjectKey(string(subject), wrapped)
	if err != nil {
		return nil, err
	}
	return many(ctx, r, func(row pgx.CollectableRow) (m consent.RightsMessage, err error) {
		var sealed []byte
		if err = row.Scan(&m.ID, &m.Subject, &m.Request, &m.Agent, &m.Kind, &m.At, &sealed); err != nil {
			return m, err
		}
		plain, err := key.Open(nil, nil, sealed, []byte(m.ID))
		m.Text, m.At = string(plain), m.At.UTC()
		return m, err
	}, `SELECT id, subject_id, request_id, agent_id, kind, at, sealed FROM rights_message WHERE subject_id = $1 AND request_id = $2 ORDER BY at, id`, subject, requestID)
}
