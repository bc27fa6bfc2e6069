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
func (t *tx) PutSubject(ctx context.Context, s consent.SignIn, now time.Time) (consent.Citizen, error) {
	subject, err := one(ctx, t.reader, pgx.RowTo[consent.SubjectID], `
		INSERT INTO subject_lookup (lookup, subject_id) VALUES ($1, $2)
		ON CONFLICT (lookup) DO UPDATE SET lookup = EXCLUDED.lookup RETURNING subject_id`,
		t.keys.lookupOf(s.Issuer, s.Subject), consent.NewID())
	if err != nil {
		return consent.Citizen{}, err
	}
	known, err := t.sealing(ctx, subject)
	if consent.CodeOf(err) == consent.NotFound {
		known.key, known.wrapped, err = t.keys.newSubjectKey(string(subject))
	}
	if err != nil {
		return consent.Citizen{}, err
	}
	plain, err := json.Marshal(s.Identity)
	if err != nil {
		return consent.Citizen{}, err
	}
	if err := t.exec(ctx, `UPDATE contact SET match_hash = $2 WHERE subject_id = $1 AND match_hash <> $2`, subject, t.keys.matchOf(s.Identity.MatchKey())); err != nil {
		return consent.Citizen{}, err
	}
	if err := t.keepSearch(ctx, subject, s.Identity); err != nil {
		return consent.Citizen{}, err
	}
	return consent.Citizen{Subject: subject, LastSignIn: known.seenAt}, t.exec(ctx, `
		INSERT INTO subject (id, wrapped_key, identity, created_at, seen_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (id) DO UPDATE SET identity = EXCLUDED.identity, seen_at = EXCLUDED.seen_at`,
		subject, known.wrapped, known.key.Seal(nil, nil, plain, []byte(subject)), now)
}

// subjectKey is a citizen's key, as it is stored too, and their last sign-in.
type subjectKey struct {
	key     cipher.AEAD
	wrapped []byte
	seenAt  time.Time
}

// sealing is what to encrypt a citizen's data with; NotFound when there is no such
// citizen, or not any more. They are not erased before the transaction ends.
func (t *tx) sealing(ctx context.Context, subject consent.SubjectID) (out subjectKey, err error) {
	type row struct {
		WrappedKey []byte
		SeenAt     time.Time
	}
	stored, err := one(ctx, t.reader, pgx.RowToStructByName[row], `SELECT wrapped_key, seen_at FROM subject WHERE id = $1 FOR KEY SHARE`, subject)
	if err != nil {
		return out, err
	}
	out.wrapped, out.seenAt = stored.WrappedKey, stored.SeenAt.UTC()
	out.key, err = t.keys.openSubjectKey(string(subject), out.wrapped)
	return out, err
}

// PairwiseSub keeps its citizen from being erased before the transaction ends: no
// consent is given in the name of somebody who is gone.
func (t *tx) PairwiseSub(ctx context.Context, subject consent.SubjectID, clientID string, sector consent.SIRET) (string, error) {
	return one(ctx, t.reader, pgx.RowTo[string], `
		WITH known AS (SELECT id FROM subject WHERE id = $1 FOR KEY SHARE)
		INSERT INTO pairwise_subject (subject_id, client_id, sector, sub) SELECT id, $2, $3, $4 FROM known
		ON CONFLICT (subject_id, client_id, sector) DO UPDATE SET sub = pairwise_subject.sub RETURNING sub`, subject, clientID, sector, consent.NewID())
}
