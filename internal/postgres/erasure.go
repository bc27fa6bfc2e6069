package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const erasureColumns = `id, subject_id, rights_id, asked_by, asked_at, approved_by, done_at`

// LockSubject waits for whoever writes something of the citizen's, and makes others
// wait; see sealing.
func (t *tx) LockSubject(ctx context.Context, subject consent.SubjectID) (time.Time, error) {
	exporting, err := one(ctx, t.reader, pgx.RowTo[*time.Time], `SELECT exporting_until FROM subject WHERE id = $1 FOR UPDATE`, subject)
	return utc(exporting), err
}

func (t *tx) NoteExport(ctx context.Context, subject consent.SubjectID, until time.Time) error {
	found, err := t.changed(ctx, `UPDATE subject SET exporting_until = greatest(exporting_until, $2) WHERE id = $1`, subject, until)
	if err == nil && !found {
		err = unknownCitizen()
	}
	return err
}

func unknownCitizen() error { return consent.Refuse(consent.NotFound, "", "no such citizen") }

func (t *tx) ErasureRequest(ctx context.Context, subject consent.SubjectID, id string) (consent.RightsState, error) {
	return one(ctx, t.reader, pgx.RowTo[consent.RightsState], `SELECT state FROM rights_request WHERE subject_id = $1 AND id = $2 AND kind = 'erasure' FOR UPDATE`, subject, id)
}

func (t *tx) InsertErasure(ctx context.Context, e consent.Erasure) error {
	return t.exec(ctx, `INSERT INTO erasure (id, subject_id, rights_id, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5)`, e.ID, e.Subject, e.RightsID, e.AskedBy, e.AskedAt)
}

func (t *tx) WaitingErasure(ctx context.Context, subject consent.SubjectID, rightsID string) (consent.Erasure, error) {
	return one(ctx, t.reader, scanErasure, `SELECT `+erasureColumns+` FROM erasure WHERE subject_id = $1 AND rights_id = $2 AND done_at IS NULL`, subject, rightsID)
}

func (t *tx) LockErasure(ctx context.Context, id string) (consent.Erasure, error) {
	return one(ctx, t.reader, scanErasure, `SELECT `+erasureColumns+` FROM erasure WHERE id = $1 FOR UPDATE`, id)
}

func (t *tx) CloseErasure(ctx context.Context, e consent.Erasure) error {
	return t.exec(ctx, `UPDATE erasure SET approved_by = $3, done_at = $4 WHERE subject_id = $1 AND id = $2`, e.Subject, e.ID, e.ApprovedBy, e.DoneAt)
}

// Erasures are those that wait.
func (r reader) Erasures(ctx context.Context) ([]consent.Erasure, error) {
	return many(ctx, r, scanErasure, `SELECT `+erasureColumns+` FROM erasure e WHERE done_at IS NULL
		AND EXISTS (SELECT FROM rights_request r WHERE r.subject_id = e.subject_id AND r.id = e.rights_id AND r.state = 'open') ORDER BY asked_at, id`)
}

func scanErasure(row pgx.CollectableRow) (e consent.Erasure, err error) {
	var by *string
	var done *time.Time
	err = row.Scan(&e.ID, &e.Subject, &e.RightsID, &e.AskedBy, &e.AskedAt, &by, &done)
	e.AskedAt, e.ApprovedBy, e.DoneAt = e.AskedAt.UTC(), orZero(by), utc(done)
	return e, err
}

func (t *tx) ForgetWords(ctx context.Context, subject consent.SubjectID, at time.Time) ([]string, error) {
	return many(ctx, t.reader, pgx.RowTo[string], `UPDATE rights_request SET message = '', state = CASE state WHEN 'open' THEN 'answered' ELSE state END,
		closed_at = coalesce(closed_at, $2) WHERE subject_id = $1 RETURNING id`, subject, at)
}

// ForgetSubject destroys the key with the rest: what it encrypted is noise from then
// on, in whatever copy.
func (t *tx) ForgetSubject(ctx context.Context, subject consent.SubjectID) error {
	for _, sql := range forgetting(`= $1`) {
		if err := t.exec(ctx, sql, subject); err != nil {
			return err
		}
	}
	return nil
}

// forgetting removes citizens and all that leads to them; whose is compared with
// their identifier. The administration's file number and the browser are not part of
// the evidence; nor is a text that names a file, unless somebody else decided on it too.
func forgetting(whose string) []string {
	return []string{
		`DELETE FROM contact WHERE subject_id ` + whose,
		`DELETE FROM address_check WHERE subject_id ` + whose,
		`DELETE FROM session WHERE subject_id ` + whose,
		`DELETE FROM session WHERE past_subject_id ` + whose,
		`DELETE FROM authorization_code WHERE subject_id ` + whose,
		`DELETE FROM refresh_token WHERE subject_id ` + whose,
		`DELETE FROM pairwise_subject WHERE subject_id ` + whose,
		`DELETE FROM subject_lookup WHERE subject_id ` + whose,
		`DELETE FROM subject_search WHERE subject_id ` + whose,
		`DELETE FROM report_piece WHERE subject_id ` + whose,
		`DELETE FROM watch WHERE subject_id ` + whose,
		`UPDATE request SET reference = '', browser_id = NULL, match_hash = NULL, parameters = NULL WHERE subject_id ` + whose,
		`UPDATE consent_grant SET parameters = NULL, parameters_match = NULL WHERE parameters_hash IS NOT NULL AND subject_id ` + whose,
		`DELETE FROM subject WHERE id ` + whose,
		`UPDATE consent_text c SET text = '' WHERE c.own AND c.text <> '' AND c.hash IN (SELECT d.text_hash FROM decision d WHERE d.subject_id ` + whose + `)
			AND NOT EXISTS (SELECT FROM decision d JOIN subject s ON s.id = d.subject_id WHERE d.text_hash = c.hash)`,
	}
}
