package postgres

import (
	"context"
	"time"

	"portail.example/consent"
)

// queue is the statement that adds what a query gives (subject_id, client_id,
// recipient) to the mail that collects for each citizen, where the address is
// verified and the kind wanted. The upsert locks the mail, so that no attempt starts
// with half of its notices.
func queue(wanted string) string {
	return `
		WITH wanted AS (` + wanted + `),
		letter AS (
			INSERT INTO mail (id, subject_id, state, queued_at, due_at)
			SELECT translate(encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'base64'), '+/=', '-_'), w.subject_id, 'collecting', $2::timestamptz, $3::timestamptz
			FROM (SELECT DISTINCT subject_id FROM wanted) w
			JOIN contact k ON k.subject_id = w.subject_id AND k.verified_at IS NOT NULL AND $1::text = ANY (k.kinds)
			ORDER BY w.subject_id
			ON CONFLICT (subject_id) WHERE state = 'collecting' DO UPDATE SET id = mail.id
			RETURNING id, subject_id)
		INSERT INTO notice (mail_id, kind, client_id, recipient, at)
		SELECT l.id, $1, w.client_id, w.recipient, $2 FROM wanted w JOIN letter l ON l.subject_id = w.subject_id`
}

var (
	queueOne   = queue(`SELECT $4::text AS subject_id, $5::text AS client_id, $6::text AS recipient`)
	queueMatch = queue(`SELECT subject_id, $5::text AS client_id, $6::text AS recipient FROM contact WHERE match_hash = $4`)
	queueUse   = queue(`SELECT $4::text AS subject_id, $5::text AS client_id, $6::text AS recipient WHERE NOT EXISTS (
		SELECT FROM access WHERE subject_id = $4 AND grant_id = $7 AND id <> $8 AND outcome IN ('released', 'verified') AND closed_at >= $9)`)
	queueSuspended = queue(`SELECT DISTINCT g.subject_id, g.client_id, g.recipient FROM consent_grant g
		JOIN client c ON c.id = g.client_id LEFT JOIN delegation d ON d.client_id = g.client_id AND d.siret = g.recipient
		WHERE (c.habilitation = $4 AND c.kind <> 'editor' OR d.habilitation = $4)
			AND g.status IN ('active', 'suspended') AND g.consumed_by IS NULL AND g.expires_at > $2`)
)

func (t *tx) AppendNotice(ctx context.Context, n consent.Notice) error {
	return t.exec(ctx, queueOne, n.Kind, n.At, n.At.Add(consent.DigestWindow), n.Subject, n.ClientID, n.Recipient)
}

func (t *tx) AppendUseNotice(ctx context.Context, a consent.Access, since time.Time) error {
	return t.exec(ctx, queueUse, consent.NoticeUse, a.ClosedAt, a.ClosedAt.Add(consent.DigestWindow),
		a.Subject, a.ClientID, a.Recipient, a.GrantID, a.ID, since)
}

func (t *tx) AppendMatchNotice(ctx context.Context, n consent.Notice, matchKey string) error {
	return t.exec(ctx, queueMatch, n.Kind, n.At, n.At.Add(consent.DigestWindow), t.keys.matchOf(matchKey), n.ClientID, n.Recipient)
}

func (t *tx) AppendSuspension(ctx context.Context, number string, at time.Time) error {
	return t.exec(ctx, queueSuspended, consent.NoticeSuspended, at, at.Add(consent.DigestWindow), number)
}
