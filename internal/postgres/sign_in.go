package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// SaveSignInAttempt stores a sign-in under way under the hash of its state.
func (db *DB) SaveSignInAttempt(ctx context.Context, a consent.SignInAttempt) error {
	hash := consent.HashOf(a.State)
	return db.exec(ctx, `
		INSERT INTO sign_in_attempt (state_hash, nonce, code_verifier, browser_id, request_id, expires_at, data) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		hash[:], a.Nonce, a.CodeVerifier, a.Browser, a.RequestID, a.ExpiresAt, a.Data)
}

// TakeSignInAttempt finds a sign-in by its state and uses it up in the same
// statement. It fails with NotFound when it is unknown, used or expired.
func (db *DB) TakeSignInAttempt(ctx context.Context, state string, now time.Time) (consent.SignInAttempt, error) {
	hash := consent.HashOf(state)
	a, err := one(ctx, db.reader, scanAttempt, `
		DELETE FROM sign_in_attempt WHERE state_hash = $1
		RETURNING nonce, code_verifier, browser_id, request_id, expires_at, data`, hash[:])
	if err != nil {
		return consent.SignInAttempt{}, err
	}
	if !now.Before(a.ExpiresAt) {
		return consent.SignInAttempt{}, consent.Refuse(consent.NotFound, "state", "the sign-in took too long")
	}
	a.State = state
	return a, nil
}

func scanAttempt(row pgx.CollectableRow) (a consent.SignInAttempt, err error) {
	err = row.Scan(&a.Nonce, &a.CodeVerifier, &a.Browser, &a.RequestID, &a.ExpiresAt, &a.Data)
	a.ExpiresAt = a.ExpiresAt.UTC()
	return a, err
}

// UseAssertion remembers a client assertion's jti until it expires; it fails
// with InvalidClient when it was seen before (RFC 7523 section 3).
func (db *DB) UseAssertion(ctx context.Context, clientID, jti string, expires time.Time) error {
	fresh, err := db.once(ctx, clientID, jti, expires)
	if err == nil && !fresh {
		err = consent.Refuse(consent.InvalidClient, "client_assertion", "this jti was already used")
	}
	return err
}

// proofOwner keeps DPoP proofs apart from client assertions; no client has it.
const proofOwner = " dpop"

// UseOnce remembers a DPoP proof until it expires; false when it was seen before
// (RFC 9449 section 11.1).
func (db *DB) UseOnce(ctx context.Context, id string, expires time.Time) (bool, error) {
	return db.once(ctx, proofOwner, id, expires)
}

func (db *DB) once(ctx context.Context, owner, id string, expires time.Time) (bool, error) {
	hash := consent.HashOf(id)
	return db.changed(ctx, `
		INSERT INTO client_assertion (client_id, jti_hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, owner, hash[:], expires)
}
