package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const holdColumns = `id, subject_id, grant_id, reason, set_by, set_at, lifted_by, lifted_at, lifted_why`

func (t *tx) InsertHold(ctx context.Context, h consent.Hold) error {
	return t.exec(ctx, `INSERT INTO legal_hold (id, subject_id, grant_id, reason, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		h.ID, h.Subject, h.GrantID, h.Reason, h.SetBy, h.SetAt)
}

func (t *tx) LockHold(ctx context.Context, id string) (consent.Hold, error) {
	return one(ctx, t.reader, scanHold, `SELECT `+holdColumns+` FROM legal_hold WHERE id = $1 FOR UPDATE`, id)
}

func (t *tx) LiftHold(ctx context.Context, h consent.Hold) error {
	return t.exec(ctx, `UPDATE legal_hold SET lifted_by = $3, lifted_at = $4, lifted_why = $5 WHERE subject_id = $1 AND id = $2`, h.Subject, h.ID, h.LiftedBy, h.LiftedAt, h.LiftedWhy)
}

// Holds are those in force.
func (r reader) Holds(ctx context.Context, subject consent.SubjectID) ([]consent.Hold, error) {
	return many(ctx, r, scanHold, `SELECT `+holdColumns+` FROM legal_hold WHERE lifted_at IS NULL AND $1 IN ('', subject_id) ORDER BY set_at, id`, subject)
}

func scanHold(row pgx.CollectableRow) (h consent.Hold, err error) {
	var lifted *time.Time
	err = row.Scan(&h.ID, &h.Subject, &h.GrantID, &h.Reason, &h.SetBy, &h.SetAt, &h.LiftedBy, &lifted, &h.LiftedWhy)
	h.SetAt, h.LiftedAt = h.SetAt.UTC(), utc(lifted)
	return h, err
}
