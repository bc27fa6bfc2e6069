package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// clientGrants goes through consent_grant_client in its order, which is that of bytes:
// a cursor must mean the same after the system changed its locale.
const clientGrants = `SELECT ` + grantColumns + `, coalesce((SELECT reference FROM request q WHERE q.id = g.request_id), '')
	FROM consent_grant g WHERE client_id = @client AND access_mode = 'continuous' AND id COLLATE "C" > @after
		AND status = 'active' AND restricted_at IS NULL AND expires_at > @at AND data_type = @type AND location = @location AND (@recipient = '' OR recipient = @recipient)
	ORDER BY id COLLATE "C" LIMIT @limit`

// ClientGrants are one page of the consents that a client may refresh in a batch.
func (r reader) ClientGrants(ctx context.Context, q consent.ClientGrantQuery) ([]consent.BatchGrant, error) {
	sql, args := clientGrantPage(q)
	return many(ctx, r, scanBatchGrant, sql, args)
}

func clientGrantPage(q consent.ClientGrantQuery) (string, pgx.StrictNamedArgs) {
	return clientGrants, pgx.StrictNamedArgs{
		"client": q.ClientID, "after": q.After, "at": q.At, "type": q.DataType, "location": q.Location, "recipient": q.Recipient, "limit": q.Limit,
	}
}

func scanBatchGrant(row pgx.CollectableRow) (out consent.BatchGrant, err error) {
	out.Grant, err = scanGrantWith(row, &out.Reference)
	return out, err
}
