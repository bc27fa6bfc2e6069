package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// Recipients go from one to the next by SIRET and client.
func (r reader) Recipients(ctx context.Context, authority consent.SIRET, after consent.Party, limit int) ([]consent.Party, error) {
	return many(ctx, r, pgx.RowToStructByPos[consent.Party], `
		SELECT client_id, recipient FROM (
			SELECT id AS client_id, siret AS recipient FROM client WHERE kind = 'administration'
			UNION ALL SELECT client_id, siret FROM delegation) AS registered
		WHERE @authority IN ('', recipient) AND (recipient, client_id) > (@recipient, @client)
		ORDER BY recipient, client_id LIMIT @limit`,
		pgx.StrictNamedArgs{"authority": authority, "recipient": after.Recipient, "client": after.ClientID, "limit": limit})
}
