package postgres

import (
	"context"
	"time"

	"portail.example/consent"
)

// dueWatches goes through consent_grant_watched in its order.
const dueWatches = `SELECT ` + grantColumns + ` FROM consent_grant g
	WHERE watch AND status = 'active' AND restricted_at IS NULL AND expires_at > $1 AND id COLLATE "C" > $2 AND NOT EXISTS (SELECT FROM watch w
		WHERE w.subject_id = g.subject_id AND w.grant_id = g.id AND (w.month > $3 OR w.month = $3 AND (w.settled OR w.due_at > $1 OR w.tries >= $4)))
	ORDER BY id COLLATE "C" LIMIT $5`

// DueWatches are one page of consents whose value may be looked at now.
func (r reader) DueWatches(ctx context.Context, q consent.WatchQuery) ([]consent.Grant, error) {
	return many(ctx, r, scanGrant, dueWatches, q.At, q.After, firstOf(q.Month), consent.WatchTries, q.Limit)
}

// firstOf is a month as the column holds it.
func firstOf(p consent.Period) time.Time { return time.Date(p.Year, p.Month, 1, 0, 0, 0, 0, time.UTC) }

// ClaimWatch takes the look of a month, or a try of it that is due.
func (t *tx) ClaimWatch(ctx context.Context, c consent.WatchClaim) (bool, error) {
	return t.changed(ctx, `
		INSERT INTO watch AS w (subject_id, grant_id, month, settled, tries, due_at) VALUES ($1, $2, $3, false, 1, $4)
		ON CONFLICT (subject_id, grant_id) DO UPDATE SET month = $3, settled = false, due_at = $4, tries = CASE WHEN w.month = $3 THEN w.tries + 1 ELSE 1 END
		WHERE w.month < $3 OR w.month = $3 AND NOT w.settled AND w.due_at <= $5 AND w.tries < $6`,
		c.Grant.Subject, c.Grant.ID, firstOf(c.Month), c.Until, c.At, consent.WatchTries)
}

// SettleWatch ends a look that was taken.
func (t *tx) SettleWatch(ctx context.Context, w consent.WatchSettled) (bool, error) {
	month := firstOf(w.Month)
	if w.Value == nil {
		return false, t.exec(ctx, `UPDATE watch SET settled = $4, due_at = coalesce($5, due_at) WHERE subject_id = $1 AND grant_id = $2 AND month = $3`,
			w.Grant.Subject, w.Grant.ID, month, w.Again.IsZero(), orNull(w.Again))
	}
	hash := t.keys.valueOf(w.Grant.ID, *w.Value)
	return t.changed(ctx, `
		WITH before AS (SELECT value_hash FROM watch WHERE subject_id = $1 AND grant_id = $2 AND month = $3),
			kept AS (UPDATE watch SET settled = true, value_hash = $4 WHERE subject_id = $1 AND grant_id = $2 AND month = $3)
		SELECT FROM before WHERE value_hash <> $4`, w.Grant.Subject, w.Grant.ID, month, hash)
}

// ForgetWatches removes what is kept under consents that allow no look any more; a
// paused one may go on.
func (t *tx) ForgetWatches(ctx context.Context, now time.Time) error {
	return t.exec(ctx, `DELETE FROM watch w USING consent_grant g WHERE g.subject_id = w.subject_id AND g.id = w.grant_id
		AND (NOT g.watch OR g.status NOT IN ('active', 'suspended') OR g.expires_at <= $1)`, now)
}
