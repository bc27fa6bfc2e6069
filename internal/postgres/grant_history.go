package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// GrantHistory is what the ledger says of a consent, oldest first; a decision is
// written at the instant of the entry it led to.
func (r reader) GrantHistory(ctx context.Context, g consent.Grant) ([]consent.GrantFact, error) {
	return many(ctx, r, scanGrantFact, `
		SELECT e.at, e.kind, coalesce(d.text_version, 0), coalesce(d.text_hash, ''), coalesce(d.id, '') FROM ledger_entry e
		LEFT JOIN decision d ON d.subject_id = e.subject_id AND d.request_id = $3 AND d.at = e.at AND e.kind IN ('grant', 'reduction')
		WHERE e.subject_id = $1 AND e.ref = $2 ORDER BY e.at, e.id`, g.Subject, g.ID, g.RequestID)
}

// TokenUse counts the tokens that follow the first of their family, which the code
// gave.
func (r reader) TokenUse(ctx context.Context, subject consent.SubjectID, grants ...string) (consent.TokenUse, error) {
	return one(ctx, r, scanTokenUse, `
		SELECT count(*) FILTER (WHERE place > 1), max(issued_at) FILTER (WHERE place > 1), max(expires_at) FROM (
			SELECT issued_at, expires_at, row_number() OVER (PARTITION BY family ORDER BY issued_at) AS place FROM access_token
			WHERE subject_id = $1 AND grant_id = ANY($2)) AS issued`, subject, grants)
}

func scanTokenUse(row pgx.CollectableRow) (u consent.TokenUse, err error) {
	var renewed, until *time.Time
	err = row.Scan(&u.Renewed, &renewed, &until)
	u.RenewedAt, u.Until = utc(renewed), utc(until)
	return u, err
}

func scanGrantFact(row pgx.CollectableRow) (f consent.GrantFact, err error) {
	var text []byte
	err = row.Scan(&f.At, &f.Kind, &f.Version, &text, &f.DecisionID)
	f.At = f.At.UTC()
	copy(f.Text[:], text)
	return f, err
}
