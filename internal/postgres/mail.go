package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// ClaimMails takes mails that are due and lends them to the caller until lease:
// whoever dies with them loses them to the next caller. From then on they collect no
// notice.
func (db *DB) ClaimMails(ctx context.Context, now, lease time.Time, limit int) ([]consent.Mail, error) {
	rows, err := many(ctx, db.reader, scanMail, `
		WITH due AS (
			SELECT id FROM mail WHERE state <> 'dead' AND due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED),
		m AS (
			UPDATE mail SET state = 'sending', due_at = $2, attempts = attempts + 1 FROM due WHERE mail.id = due.id RETURNING mail.*)
		SELECT `+contactColumns+`, m.id, m.token, m.queued_at, m.attempts, coalesce((
			SELECT jsonb_agg(jsonb_build_object('Kind', n.kind, 'At', n.at, 'Administration', coalesce(d.legal_name, c.legal_name)) ORDER BY n.id)
			FROM notice n JOIN client c ON c.id = n.client_id LEFT JOIN delegation d ON d.client_id = n.client_id AND d.siret = n.recipient
			WHERE n.mail_id = m.id), '[]')
		FROM m JOIN contact k ON k.subject_id = m.subject_id JOIN subject s ON s.id = m.subject_id ORDER BY m.queued_at`, now, lease, limit)
	var out []consent.Mail
	for _, row := range rows {
		mail, err := row.open(db.keys)
		if err != nil {
			return nil, err
		}
		out = append(out, mail)
	}
	return out, err
}

type mailRow struct {
	contact        contactRow
	mail           consent.Mail
	token, notices []byte
}

func scanMail(row pgx.CollectableRow) (m mailRow, err error) {
	err = row.Scan(append(m.contact.into(), &m.mail.ID, &m.token, &m.mail.QueuedAt, &m.mail.Attempts, &m.notices)...)
	return m, err
}

func (m *mailRow) open(keys Keys) (consent.Mail, error) {
	key, err := m.contact.open(keys)
	if err != nil {
		return consent.Mail{}, err
	}
	if m.token != nil {
		token, err := key.Open(nil, nil, m.token, mailOf(m.mail.ID))
		if err != nil {
			return consent.Mail{}, err
		}
		m.mail.Token = string(token)
	}
	m.mail.To, m.mail.QueuedAt = m.contact.Contact, m.mail.QueuedAt.UTC()
	return m.mail, json.Unmarshal(m.notices, &m.mail.Notices)
}

// MailSent forgets a mail and its notices.
func (db *DB) MailSent(ctx context.Context, id string) error {
	return db.exec(ctx, `DELETE FROM mail WHERE id = $1`, id)
}

// MailFailed puts a mail off until due, or gives it up when due is zero.
func (db *DB) MailFailed(ctx context.Context, id, reason string, due time.Time) error {
	if due.IsZero() {
		return db.exec(ctx, `UPDATE mail SET state = 'dead', reason = $2, token = NULL WHERE id = $1`, id, reason)
	}
	return db.exec(ctx, `UPDATE mail SET due_at = $3, reason = $2 WHERE id = $1 AND state = 'sending'`, id, reason, due)
}
