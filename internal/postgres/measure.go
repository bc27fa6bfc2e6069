package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const measureColumns = `id, subject_id, kind, client_id, recipient, rights_id, set_by, set_at, lift_asked_at, lifted_by, lifted_at`

// Measures are those in force.
func (r reader) Measures(ctx context.Context, subject consent.SubjectID) ([]consent.Measure, error) {
	return many(ctx, r, scanMeasure, `SELECT `+measureColumns+` FROM measure WHERE subject_id = $1 AND lifted_at IS NULL ORDER BY set_at, id`, subject)
}

// Measure is one of the citizen's, in force or lifted.
func (r reader) Measure(ctx context.Context, subject consent.SubjectID, id string) (consent.Measure, error) {
	return one(ctx, r, scanMeasure, `SELECT `+measureColumns+` FROM measure WHERE subject_id = $1 AND id = $2`, subject, id)
}

// PastMeasures are all of them, newest first.
func (r reader) PastMeasures(ctx context.Context, subject consent.SubjectID, after consent.Measure, limit int) ([]consent.Measure, error) {
	return many(ctx, r, scanMeasure, `SELECT `+measureColumns+` FROM measure
		WHERE subject_id = $1 AND ($2 = '' OR (set_at, id) < ($3, $2)) ORDER BY set_at DESC, id DESC LIMIT $4`, subject, after.ID, after.SetAt, limit)
}

func scanMeasure(row pgx.CollectableRow) (m consent.Measure, err error) {
	var asked, lifted *time.Time
	err = row.Scan(&m.ID, &m.Subject, &m.Right, &m.Of.ClientID, &m.Of.Recipient, &m.RightsID, &m.SetBy, &m.SetAt, &asked, &m.LiftedBy, &lifted)
	m.SetAt, m.LiftAskedAt, m.LiftedAt = m.SetAt.UTC(), utc(asked), utc(lifted)
	return m, err
}

func (t *tx) InsertMeasure(ctx context.Context, m consent.Measure) error {
	return t.exec(ctx, `INSERT INTO measure (`+measureColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		m.ID, m.Subject, m.Right, m.Of.ClientID, m.Of.Recipient, m.RightsID, m.SetBy, m.SetAt, orNull(m.LiftAskedAt), m.LiftedBy, orNull(m.LiftedAt))
}

func (t *tx) LockMeasure(ctx context.Context, subject consent.SubjectID, id string) (consent.Measure, error) {
	return one(ctx, t.reader, scanMeasure, `SELECT `+measureColumns+` FROM measure WHERE subject_id = $1 AND id = $2 FOR UPDATE`, subject, id)
}

func (t *tx) UpdateMeasure(ctx context.Context, m consent.Measure) error {
	return t.exec(ctx, `UPDATE measure SET lift_asked_at = $3, lifted_by = $4, lifted_at = $5 WHERE subject_id = $1 AND id = $2`,
		m.Subject, m.ID, orNull(m.LiftAskedAt), m.LiftedBy, orNull(m.LiftedAt))
}

// RestrictGrants waits for whoever holds one of them: an access that completes meanwhile
// is told by its last look.
func (t *tx) RestrictGrants(ctx context.Context, subject consent.SubjectID, of consent.SIRET, at time.Time) ([]consent.Grant, error) {
	return many(ctx, t.reader, scanGrant, `UPDATE consent_grant SET restricted_at = $3
		WHERE subject_id = $1 AND $2 IN ('', recipient) AND status IN ('active', 'suspended') AND restricted_at IS NULL RETURNING `+grantColumns, subject, of, at)
}

func (t *tx) FreeGrants(ctx context.Context, subject consent.SubjectID, but []consent.SIRET) ([]consent.Grant, error) {
	return many(ctx, t.reader, scanGrant, `UPDATE consent_grant SET restricted_at = NULL
		WHERE subject_id = $1 AND recipient <> ALL($2) AND status IN ('active', 'suspended') AND restricted_at IS NOT NULL RETURNING `+grantColumns, subject, but)
}
