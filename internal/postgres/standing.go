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

// Standing reads a client, a token issued to it, its family and its consent in one
// statement: introspection costs one look-up.
func (r reader) Standing(ctx context.Context, clientID, grantID, tokenID string) (consent.Standing, error) {
	return one(ctx, r, scanStanding, `
		SELECT `+of("c", clientColumns)+`, `+revokedHabilitation("c")+`, `+of("g", grantColumns)+`,
			a.id, a.family, a.status_list, a.status_index, a.issued_at, a.expires_at, `+dead+`, `+stopped+`
		FROM client c
		JOIN consent_grant g ON g.client_id = c.id
		JOIN access_token a ON a.subject_id = g.subject_id AND a.grant_id = g.id
		JOIN token_family f ON f.subject_id = a.subject_id AND f.id = a.family
		LEFT JOIN delegation d ON d.client_id = g.client_id AND d.siret = g.recipient
		WHERE c.id = $1 AND g.id = $2 AND a.id = $3`, clientID, grantID, tokenID)
}

// of names the columns of one table among several.
func of(table, columns string) string {
	return table + "." + strings.Join(strings.Fields(columns), " "+table+".")
}

func scanStanding(row pgx.CollectableRow) (s consent.Standing, err error) {
	t := &s.Token
	var client clientRow
	var issued, expires time.Time
	rest := after{row, client.into(&s.Client)}
	s.Grant, err = scanGrantWith(rest, &t.ID, &t.Family, &t.Status.List, &t.Status.Index, &issued, &expires, &t.Revoked, &s.Suspended)
	client.complete(&s.Client)
	t.GrantID, t.Subject, t.IssuedAt, t.ExpiresAt = s.Grant.ID, s.Grant.Subject, issued.UTC(), expires.UTC()
	return s, err
}

// after is a row whose first columns have their place already.
type after struct {
	pgx.CollectableRow
	first []any
}

// Scan reads the columns that follow.
func (a after) Scan(into ...any) error { return a.CollectableRow.Scan(append(a.first, into...)...) }
