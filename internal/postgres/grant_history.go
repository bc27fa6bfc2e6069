package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// GrantHistory is what the ledger says of a consent, oldest first; a decision is
// written at the instant of the entry it led to.
func (r reader) GrantHistory(ctx context.Context, g consent.Grant) ([]consent.GrantFact, error) {
	return many(ctx, r, scanGrantFact, `
		SELECT e.at, e.kind, coalesce(d.text_version, 0), coalesce(d.id, '') FROM ledger_entry e
		LEFT JOIN decision d ON d.subject_id = e.subject_id AND d.request_id = $3 AND d.at = e.at AND e.kind IN ('grant', 'reduction')
		WHERE e.subject_id = $1 AND e.ref = $2 ORDER BY e.at, e.id`, g.Subject, g.ID, g.RequestID)
}

func scanGrantFact(row pgx.CollectableRow) (f consent.GrantFact, err error) {
	err = row.Scan(&f.At, &f.Kind, &f.Version, &f.DecisionID)
	f.At = f.At.UTC()
	return f, err
}
