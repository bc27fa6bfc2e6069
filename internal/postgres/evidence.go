package postgres

import (
	"context"

	"portail.example/consent"
)

// AppendLedger writes an entry with the hash of the row it speaks of, which was
// written just before in the same transaction.
func (t *tx) AppendLedger(ctx context.Context, e consent.LedgerEntry) error {
	digest := `NULL::bytea`
	if f, ok := factOf(e.Kind); ok {
		digest = `(SELECT ` + f.digest() + ` FROM ` + f.table + ` r WHERE ` + f.key + `)`
	}
	return t.exec(ctx, `
		INSERT INTO ledger_entry (at, kind, subject_id, client_id, ref, request_id, grant_id, text_hash, fact)
		SELECT e.*, `+digest+` FROM (VALUES ($1::timestamptz, $2, $3, $4, $5, $6, $7, $8::bytea)) AS e (at, kind, subject_id, client_id, ref, request_id, grant_id, text_hash)`,
		e.At, e.Kind, e.Subject, e.ClientID, e.Ref, e.RequestID, e.GrantID, e.TextHash)
}

func (t *tx) AppendEvent(ctx context.Context, e consent.Event) error {
	return t.exec(ctx, `
		WITH written AS (
			INSERT INTO outbox_event (at, type, client_id, subject_id, sub, grant_id, request_id, recipient, data_set, month)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $11, $12) RETURNING id)
		INSERT INTO event_delivery (event_id, jti, client_id, stream, due_at) SELECT id, $9, $3, $10, $1 FROM written`,
		e.At, e.Type, e.ClientID, e.Subject, e.Sub, e.GrantID, e.RequestID, e.Recipient, consent.NewID(), e.Stream(), e.DataSet, e.Month.OrEmpty())
}

func (t *tx) NoteHabilitation(ctx context.Context, h consent.Habilitation) (bool, error) {
	return t.changed(ctx, `INSERT INTO habilitation AS known (number, revoked, fired_at) VALUES ($1, $2, $3)
		ON CONFLICT (number) DO UPDATE SET revoked = EXCLUDED.revoked, fired_at = EXCLUDED.fired_at WHERE known.fired_at < EXCLUDED.fired_at`,
		h.Number, h.Revoked, h.FiredAt)
}
