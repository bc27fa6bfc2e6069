package postgres

import (
	"context"
	"time"

	"portail.example/consent"
)

// Sweep deletes what has expired and proves nothing, and forgets who was idle too
// long: their browser stays known until the absolute limit. Expiry is computed at each
// check; this only gives the room back.
func (db *DB) Sweep(ctx context.Context, now time.Time) error {
	steps := []struct {
		sql    string
		before time.Time
	}{
		{signOut + `WHERE seen_at < $1 AND subject_id IS NOT NULL`, now.Add(-consent.SessionIdle)},
		{`UPDATE session SET draft = NULL, draft_at = NULL WHERE draft_at <= $1`, now.Add(-consent.DraftLifetime)},
		{`DELETE FROM session WHERE created_at < $1`, now.Add(-consent.SessionAbsolute)},
		{`UPDATE request SET match_hash = NULL WHERE match_hash IS NOT NULL AND expires_at < $1`, now},
		{`UPDATE request SET parameters = NULL WHERE parameters IS NOT NULL AND expires_at < $1`, now},
		{`DELETE FROM sign_in_attempt WHERE expires_at < $1`, now},
		{`UPDATE agent_session SET id_token = NULL WHERE id_token IS NOT NULL AND seen_at < $1`, now.Add(-consent.SessionIdle)},
		{`UPDATE agent_session SET id_token = NULL WHERE id_token IS NOT NULL AND created_at < $1`, now.Add(-consent.SessionAbsolute)},
		{`UPDATE agent_session SET draft = NULL, draft_at = NULL WHERE draft_at <= $1`, now.Add(-consent.DraftLifetime)},
		{`DELETE FROM agent_session WHERE created_at < $1`, now.Add(-consent.AgentRemembered)},
		{`DELETE FROM agent_sign_in_attempt WHERE expires_at < $1`, now},
		{`DELETE FROM report_piece p USING report r WHERE (r.subject_id, r.id) = (p.subject_id, p.report_id) AND r.state IN ('done', 'failed') AND r.moved_at <= $1`, now.Add(-consent.ReportKept)},
		{`DELETE FROM provider_budget WHERE next_at < $1`, now},
		{`DELETE FROM client_assertion WHERE expires_at < $1`, now},
		{`DELETE FROM address_check WHERE created_at < $1`, now.Add(-consent.VerificationLifetime)},
		{`DELETE FROM mail WHERE state = 'dead' AND due_at < $1`, now.Add(-consent.MailMemory)},
		{`UPDATE consent_text c SET text = '' WHERE c.own AND c.text <> '' AND coalesce(c.first_at, '-infinity') < $1
			AND NOT EXISTS (SELECT FROM decision d WHERE d.text_hash = c.hash)`, consent.RetentionOf(consent.RecordConsent).Before(now)},
		{`DELETE FROM ledger_verification WHERE asked_at < $1`, now.Add(-verificationMemory)},
		{`DELETE FROM authorization_code WHERE expires_at < $1`, now.Add(-consent.SecretMemory)},
	}
	for _, step := range steps {
		if err := db.exec(ctx, step.sql, step.before); err != nil {
			return err
		}
	}
	return nil
}
