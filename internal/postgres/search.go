package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// SubjectByNumber is whom a request, a consent or an answer is about, of one authority
// or of any.
func (r reader) SubjectByNumber(ctx context.Context, number string, authority consent.SIRET) (consent.SubjectID, error) {
	return one(ctx, r, pgx.RowTo[consent.SubjectID], `SELECT subject_id FROM (
			SELECT subject_id, recipient FROM request WHERE id = $1 UNION SELECT subject_id, recipient FROM consent_grant WHERE id = $1
			UNION SELECT d.subject_id, q.recipient FROM decision d JOIN request q ON q.id = d.request_id WHERE d.id = $1
		) found WHERE subject_id <> '' AND $2 IN ('', recipient) LIMIT 1`, number, authority)
}

// SubjectsNamed are the persons whose sign-ins had a search key.
func (r reader) SubjectsNamed(ctx context.Context, key string, after consent.SubjectID, limit int) ([]consent.SubjectID, error) {
	return many(ctx, r, pgx.RowTo[consent.SubjectID], `SELECT subject_id FROM subject_search WHERE hash = $1 AND subject_id > $2 ORDER BY subject_id LIMIT $3`, r.keys.searchOf(key), after, limit)
}

// Concerns reports whether an authority ever asked a citizen.
func (r reader) Concerns(ctx context.Context, subject consent.SubjectID, authority consent.SIRET) (bool, error) {
	return one(ctx, r, pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM request WHERE subject_id = $1 AND recipient = $2)`, subject, authority)
}

// keepSearch replaces the keyed hashes by which an officer finds the citizen.
func (t *tx) keepSearch(ctx context.Context, subject consent.SubjectID, identity consent.PivotIdentity) error {
	var hashes [][]byte
	for _, key := range identity.SearchKeys() {
		hashes = append(hashes, t.keys.searchOf(key))
	}
	if err := t.exec(ctx, `DELETE FROM subject_search WHERE subject_id = $1 AND hash <> ALL ($2)`, subject, hashes); err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO subject_search (subject_id, hash) SELECT $1, unnest($2::bytea[]) ON CONFLICT DO NOTHING`, subject, hashes)
}
