package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// stopped tells a client c that is suspended, an editor whose delegation d for the
// recipient is gone, or a habilitation that DataPass revoked.
const stopped = `(c.suspended OR c.kind = 'editor' AND (d.siret IS NULL OR d.revoked_at IS NOT NULL)
	OR EXISTS (SELECT FROM habilitation h WHERE h.number IN (c.habilitation, d.habilitation) AND h.revoked))`

// Standing reads an issued token, its family, its consent and its client in one
// statement: introspection costs one look-up.
func (r reader) Standing(ctx context.Context, grantID, tokenID string) (consent.Standing, error) {
	columns := "g." + strings.Join(strings.Fields(grantColumns), " g.")
	return one(ctx, r, scanStanding, `
		SELECT `+columns+`, a.id, a.family, a.status_list, a.status_index, a.issued_at, a.expires_at, f.revoked_at IS NOT NULL, `+stopped+`
		FROM consent_grant g
		JOIN access_token a ON a.subject_id = g.subject_id AND a.grant_id = g.id
		JOIN token_family f ON f.subject_id = a.subject_id AND f.id = a.family
		JOIN client c ON c.id = g.client_id
		LEFT JOIN delegation d ON d.client_id = g.client_id AND d.siret = g.recipient
		WHERE g.id = $1 AND a.id = $2`, grantID, tokenID)
}

func scanStanding(row pgx.CollectableRow) (s consent.Standing, err error) {
	t := &s.Token
	var issued, expires time.Time
	s.Grant, err = scanGrantWith(row, &t.ID, &t.Family, &t.Status.List, &t.Status.Index, &issued, &expires, &t.Revoked, &s.Suspended)
	t.GrantID, t.Subject, t.IssuedAt, t.ExpiresAt = s.Grant.ID, s.Grant.Subject, issued.UTC(), expires.UTC()
	return s, err
}
