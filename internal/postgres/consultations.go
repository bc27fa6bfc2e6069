package postgres

import (
	"context"

	"portail.example/consent"
)

// Consultations are an authority's accesses that say who consulted, oldest first, and
// those that follow after when it is not zero. Their index holds no others.
func (r reader) Consultations(ctx context.Context, authority consent.SIRET, after consent.Access, limit int) ([]consent.Access, error) {
	return many(ctx, r, scanAccess, `SELECT `+accessColumns+` FROM access
		WHERE recipient = $1 AND (agent_ref <> '' OR agent_service <> '') AND ($2::timestamptz IS NULL OR (opened_at, id) > ($2, $3))
		ORDER BY opened_at, id LIMIT $4`, authority, orNull(after.OpenedAt), after.ID, limit)
}
