package postgres

import (
	"context"
	"crypto/cipher"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// Identity decrypts who the citizen is.
func (r reader) Identity(ctx context.Context, subject consent.SubjectID) (consent.PivotIdentity, error) {
	type row struct{ WrappedKey, Identity []byte }
	stored, err := one(ctx, r, pgx.RowToStructByName[row], `SELECT wrapped_key, identity FROM subject WHERE id = $1`, subject)
	if err != nil {
		return consent.PivotIdentity{}, err
	}
	key, err := r.keys.openSubjectKey(string(subject), stored.WrappedKey)
	if err != nil {
		return consent.PivotIdentity{}, err
	}
	plain, err := key.Open(nil, nil, stored.Identity, []byte(subject))
	if err != nil {
		return consent.PivotIdentity{}, err
	}
	var identity consent.PivotIdentity
	return identity, json.Unmarshal(plain, &identity)
}

// PutSubject finds the citizen by the keyed hash of (issuer, sub), or creates
// one, and stores the identity of this sign-in. Two first sign-ins at once meet
// at the unique lookup and become one citizen.
func (t *tx) PutSubject(ctx context.Context, s consent.SignIn, now time.Time) (consent.SubjectID, error) {
	subject, err := one(ctx, t.reader, pgx.RowTo[consent.SubjectID], `
		INSERT INTO subject_lookup (lookup, subject_id) VALUES ($1, $2)
		ON CONFLICT (lookup) DO UPDATE SET lookup = EXCLUDED.lookup RETURNING subject_id`,
		t.keys.lookupOf(s.Issuer, s.Subject), consent.NewID())
	if err != nil {
		return "", err
	}
	key, wrapped, err := t.subjectKey(ctx, subject)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(s.Identity)
	if err != nil {
		return "", err
	}
	if err := t.exec(ctx, `UPDATE contact SET match_hash = $2 WHERE subject_id = $1 AND match_hash <> $2`, subject, t.keys.matchOf(s.Identity.MatchKey())); err != nil {
		return "", err
	}
	return subject, t.exec(ctx, `
		INSERT INTO subject (id, wrapped_key, identity, created_at, seen_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (id) DO UPDATE SET identity = EXCLUDED.identity, seen_at = EXCLUDED.seen_at`,
		subject, wrapped, key.Seal(nil, nil, plain, []byte(subject)), now)
}

// subjectKey is the citizen's key, drawn when they are new.
func (t *tx) subjectKey(ctx context.Context, subject consent.SubjectID) (cipher.AEAD, []byte, error) {
	wrapped, err := one(ctx, t.reader, pgx.RowTo[[]byte], `SELECT wrapped_key FROM subject WHERE id = $1`, subject)
	if consent.CodeOf(err) == consent.NotFound {
		return t.keys.newSubjectKey(string(subject))
	}
	if err != nil {
		return nil, nil, err
	}
	key, err := t.keys.openSubjectKey(string(subject), wrapped)
	return key, wrapped, err
}

func (t *tx) PairwiseSub(ctx context.Context, subject consent.SubjectID, clientID string, sector consent.SIRET) (string, error) {
	return one(ctx, t.reader, pgx.RowTo[string], `
		INSERT INTO pairwise_subject (subject_id, client_id, sector, sub) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject_id, client_id, sector) DO UPDATE SET sub = pairwise_subject.sub RETURNING sub`, subject, clientID, sector, consent.NewID())
}
