package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const selectDecision = `SELECT d.id, d.subject_id, d.request_id, d.client_id, d.allowed, d.data_groups, d.ends_on, c.language, d.text_version, c.text, c.own,
	d.acr, d.auth_time, d.at FROM decision d JOIN consent_text c ON c.hash = d.text_hash `

// Decision is one of the citizen's own answers with the text they read.
func (r reader) Decision(ctx context.Context, subject consent.SubjectID, id string) (consent.Decision, error) {
	return one(ctx, r, scanDecision, selectDecision+`WHERE d.subject_id = $1 AND d.id = $2`, subject, id)
}

// DecisionOn is the citizen's first answer to a request: later ones reduce it.
func (r reader) DecisionOn(ctx context.Context, subject consent.SubjectID, requestID string) (consent.Decision, error) {
	return one(ctx, r, scanDecision, selectDecision+`WHERE d.subject_id = $1 AND d.request_id = $2 ORDER BY d.at, d.id LIMIT 1`, subject, requestID)
}

// Decisions are the citizen's answers, newest first, those that follow after when
// it is not zero.
func (r reader) Decisions(ctx context.Context, subject consent.SubjectID, after consent.Decision, limit int) ([]consent.Decision, error) {
	return many(ctx, r, scanDecision, selectDecision+`
		WHERE d.subject_id = $1 AND ($2::timestamptz IS NULL OR (d.at, d.id) < ($2, $3)) ORDER BY d.at DESC, d.id DESC LIMIT $4`,
		subject, orNull(after.At), after.ID, limit)
}

func scanDecision(row pgx.CollectableRow) (d consent.Decision, err error) {
	var names []string
	var endsOn, authTime *time.Time
	text := &d.Statement
	err = row.Scan(&d.ID, &d.Subject, &d.RequestID, &d.ClientID, &d.Allowed, &names, &endsOn, &text.Language, &text.Version, &text.Text, &text.Own,
		&d.ACR, &authTime, &d.At)
	d.Groups, d.EndsOn, d.AuthTime, d.At = groupsOf(names), dateOf(endsOn), utc(authTime), d.At.UTC()
	return d, err
}

// ShownText is a text that somebody decided on.
func (r reader) ShownText(ctx context.Context, hash consent.Hash, viewer consent.SubjectID) (consent.ShownText, error) {
	return one(ctx, r, func(row pgx.CollectableRow) (t consent.ShownText, err error) {
		var first *time.Time
		err = row.Scan(&t.Statement.Language, &t.Statement.Text, &t.Statement.Version, &t.Statement.Own, &first)
		t.FirstAt = utc(first)
		return t, err
	}, `SELECT language, text, coalesce(version, 0), own, first_at FROM consent_text
		WHERE hash = $1 AND (NOT own OR text <> '' AND $2 <> '' AND EXISTS (SELECT FROM decision d WHERE d.subject_id = $2 AND d.text_hash = hash))`, hash[:], viewer)
}
