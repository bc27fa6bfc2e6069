package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const grantColumns = `id, subject_id, client_id, sub, request_id, data_type, location, data_groups, purpose, recipient, access_mode, ends_on,
	status, acr, auth_time, created_at, expires_at, consumed_by, withdrawn_at, paused_at, withdrawal_reason, restricted_at, watch`

// Grant is one of the citizen's own consents.
func (r reader) Grant(ctx context.Context, subject consent.SubjectID, id string) (consent.Grant, error) {
	return one(ctx, r, scanGrant, `SELECT `+grantColumns+` FROM consent_grant WHERE subject_id = $1 AND id = $2`, subject, id)
}

func scanGrant(row pgx.CollectableRow) (consent.Grant, error) { return scanGrantWith(row) }

// scanGrantWith also scans the columns that follow a grant's.
func scanGrantWith(row pgx.CollectableRow, more ...any) (g consent.Grant, err error) {
	var names []string
	var location string
	var endsOn, authTime, withdrawn, paused, restricted *time.Time
	var consumedBy *string
	d := &g.Details
	err = row.Scan(append([]any{&g.ID, &g.Subject, &g.ClientID, &g.Sub, &g.RequestID, &d.Type, &location, &names, &d.Purpose, &d.Recipient, &d.Access, &endsOn,
		&g.Status, &g.ACR, &authTime, &g.CreatedAt, &g.ExpiresAt, &consumedBy, &withdrawn, &paused, &g.Reason, &restricted, &d.Watch}, more...)...)
	d.Locations, d.Groups, d.EndsOn = []string{location}, groupsOf(names), dateOf(endsOn)
	g.AuthTime, g.WithdrawnAt, g.PausedAt, g.RestrictedAt, g.ConsumedBy = utc(authTime), utc(withdrawn), utc(paused), utc(restricted), orZero(consumedBy)
	g.CreatedAt, g.ExpiresAt = g.CreatedAt.UTC(), g.ExpiresAt.UTC()
	return g, err
}

func (t *tx) InsertGrant(ctx context.Context, g consent.Grant) error {
	d := g.Details
	return t.exec(ctx, `INSERT INTO consent_grant (`+grantColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		g.ID, g.Subject, g.ClientID, g.Sub, g.RequestID, d.Type, locationOf(d), groups(d.Groups), d.Purpose, d.Recipient, d.Access, day(d.EndsOn),
		g.Status, g.ACR, orNull(g.AuthTime), g.CreatedAt, g.ExpiresAt, orNull(g.ConsumedBy), orNull(g.WithdrawnAt), orNull(g.PausedAt), g.Reason, orNull(g.RestrictedAt), d.Watch)
}

// LockGrant takes the weaker row lock: foreign keys that point at the grant may
// still be inserted meanwhile.
func (t *tx) LockGrant(ctx context.Context, id string) (consent.Grant, error) {
	return one(ctx, t.reader, scanGrant, `SELECT `+grantColumns+` FROM consent_grant WHERE id = $1 FOR NO KEY UPDATE`, id)
}

func (t *tx) WithdrawGrant(ctx context.Context, subject consent.SubjectID, id string, why consent.Reason, at time.Time) (bool, error) {
	return t.changed(ctx, `UPDATE consent_grant SET status = 'withdrawn', withdrawn_at = $3, withdrawal_reason = $4, paused_at = NULL
		WHERE subject_id = $1 AND id = $2 AND status IN ('active', 'suspended')`, subject, id, at, why)
}

func (t *tx) PauseGrant(ctx context.Context, subject consent.SubjectID, id string, paused bool, at time.Time) (bool, error) {
	if paused {
		return t.changed(ctx, `UPDATE consent_grant SET status = 'suspended', paused_at = $3
			WHERE subject_id = $1 AND id = $2 AND status = 'active'`, subject, id, at)
	}
	return t.changed(ctx, `UPDATE consent_grant SET status = 'active', paused_at = NULL
		WHERE subject_id = $1 AND id = $2 AND status = 'suspended'`, subject, id)
}

func (t *tx) ReduceGrant(ctx context.Context, g consent.Grant) (bool, error) {
	return t.changed(ctx, `UPDATE consent_grant SET data_groups = $3, ends_on = $4, expires_at = $5, watch = watch AND $6
		WHERE subject_id = $1 AND id = $2 AND status IN ('active', 'suspended') AND data_groups @> $3 AND ends_on >= $4 AND expires_at >= $5`,
		g.Subject, g.ID, groups(g.Details.Groups), day(g.Details.EndsOn), g.ExpiresAt, g.Details.Watch)
}

func (t *tx) RelinquishGrant(ctx context.Context, subject consent.SubjectID, id string, at time.Time) (bool, error) {
	return t.changed(ctx, `UPDATE consent_grant SET status = 'relinquished', withdrawn_at = $3, paused_at = NULL
		WHERE subject_id = $1 AND id = $2 AND status IN ('active', 'suspended')`, subject, id, at)
}

// ReplaceGrants ends the other consents that g covers.
func (t *tx) ReplaceGrants(ctx context.Context, g consent.Grant, at time.Time) ([]string, error) {
	d := g.Details
	return many(ctx, t.reader, pgx.RowTo[string], `UPDATE consent_grant SET status = 'replaced', withdrawn_at = $3, paused_at = NULL
		WHERE subject_id = $1 AND id <> $2 AND status IN ('active', 'suspended') AND client_id = $4 AND recipient = $5 AND purpose = $6 AND data_type = $7
			AND location = $8 AND access_mode = $9 AND data_groups <@ $10::text[] AND ends_on <= $11 AND (NOT watch OR $12)
			AND parameters_match IS NOT DISTINCT FROM (SELECT parameters_match FROM consent_grant WHERE subject_id = $1 AND id = $2) RETURNING id`,
		g.Subject, g.ID, at, g.ClientID, d.Recipient, d.Purpose, d.Type, locationOf(d), d.Access, groups(d.Groups), day(d.EndsOn), d.Watch)
}

// EndingGrants are those whose end, or approaching end, was not told yet.
func (r reader) EndingGrants(ctx context.Context, now time.Time, limit int) ([]consent.Grant, error) {
	return many(ctx, r, scanGrant, `SELECT `+grantColumns+` FROM consent_grant
		WHERE announced <> 'consent.expired' AND status IN ('active', 'suspended') AND consumed_by IS NULL
			AND (expires_at <= $1 OR announced = '' AND access_mode = 'continuous' AND expires_at <= $2 AND expires_at - created_at > $3)
		ORDER BY expires_at LIMIT $4`, now, now.Add(consent.ExpiryNotice), consent.ExpiryNotice, limit)
}

func (t *tx) AnnounceGrant(ctx context.Context, subject consent.SubjectID, id string, told consent.EventType) (bool, error) {
	return t.changed(ctx, `UPDATE consent_grant SET announced = $3
		WHERE subject_id = $1 AND id = $2 AND announced <> $3 AND status IN ('active', 'suspended')`, subject, id, told)
}

func (t *tx) ConsumeGrant(ctx context.Context, subject consent.SubjectID, id, accessID string) (bool, error) {
	return t.changed(ctx, `UPDATE consent_grant SET consumed_by = $3
		WHERE subject_id = $1 AND id = $2 AND access_mode = 'once' AND consumed_by IS NULL`, subject, id, accessID)
}

func (t *tx) UnconsumeGrant(ctx context.Context, subject consent.SubjectID, id, accessID string) error {
	return t.exec(ctx, `UPDATE consent_grant SET consumed_by = NULL
		WHERE subject_id = $1 AND id = $2 AND consumed_by = $3`, subject, id, accessID)
}

func (t *tx) InsertDecision(ctx context.Context, d consent.Decision) error {
	hash := d.Statement.Hash()
	if err := t.exec(ctx, `INSERT INTO consent_text (hash, language, text, version, first_at, own) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (hash) DO NOTHING`,
		hash[:], d.Statement.Language, d.Statement.Text, d.Statement.Version, d.At, d.Statement.Own); err != nil {
		return err
	}
	if d.Statement.Own { // its words may have gone with whoever decided on it before
		if err := t.exec(ctx, `UPDATE consent_text SET text = $2 WHERE hash = $1 AND own`, hash[:], d.Statement.Text); err != nil {
			return err
		}
	}
	return t.exec(ctx, `
		INSERT INTO decision (id, subject_id, request_id, client_id, allowed, data_groups, ends_on, text_hash, text_version, acr, auth_time, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		d.ID, d.Subject, d.RequestID, d.ClientID, d.Allowed, groups(d.Groups), day(d.EndsOn), hash[:], d.Statement.Version, d.ACR, orNull(d.AuthTime), d.At)
}
