package postgres

import (
	"context"

	"portail.example/consent"
)

func (t *tx) AppendLedger(ctx context.Context, e consent.LedgerEntry) error {
	return t.exec(ctx, `
		INSERT INTO ledger_entry (at, kind, subject_id, client_id, ref, request_id, grant_id, text_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.At, e.Kind, e.Subject, e.ClientID, e.Ref, e.RequestID, e.GrantID, e.TextHash)
}

func (t *tx) AppendEvent(ctx context.Context, e consent.Event) error {
	return t.exec(ctx, `
		INSERT INTO outbox_event (at, type, client_id, subject_id, sub, grant_id, request_id, recipient)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.At, e.Type, e.ClientID, e.Subject, e.Sub, e.GrantID, e.RequestID, e.Recipient)
}
