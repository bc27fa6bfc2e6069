package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// OpenAgentSession stores an agent's session and returns the token for its cookie.
func (db *DB) OpenAgentSession(ctx context.Context, s consent.AgentSession) (string, error) {
	token, hash := consent.NewSecret()
	draft, err := db.keys.sealDraft(s.Draft, hash)
	if err != nil {
		return "", err
	}
	return token, db.exec(ctx, `INSERT INTO agent_session (token_hash, agent_id, id_token, created_at, seen_at, draft, draft_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		hash[:], s.Agent.ID, db.keys.sealSession(s.IDToken, hash[:]), s.CreatedAt, s.SeenAt, draft, orNull(s.Draft.At))
}

// AgentSession finds a live session by its token, with its agent as registered now, and
// notes that it was used. It fails with NotFound when there is none, when its time has
// passed, or when its agent was revoked.
func (db *DB) AgentSession(ctx context.Context, token string, now time.Time) (consent.AgentSession, error) {
	s, err := db.agentSession(ctx, token, now)
	if err != nil {
		return consent.AgentSession{}, err
	}
	if !s.LiveAt(now) {
		return consent.AgentSession{}, consent.Refuse(consent.NotFound, "", "the session has ended")
	}
	if now.Sub(s.SeenAt) < seenEvery {
		return s, nil
	}
	s.SeenAt = now
	hash := consent.HashOf(token)
	return s, db.exec(ctx, `UPDATE agent_session SET seen_at = $2 WHERE token_hash = $1`, hash[:], now)
}

// PastAgentSession finds a session that may be over, to know whose a form is that was
// sent too late. It opens nothing, and its use is not noted: a session that is over does
// not come back to life. It fails with NotFound when its browser is no longer known, or
// when its agent was revoked.
func (db *DB) PastAgentSession(ctx context.Context, token string, now time.Time) (consent.AgentSession, error) {
	s, err := db.agentSession(ctx, token, now)
	if err == nil && !s.RememberedAt(now) {
		err = consent.Refuse(consent.NotFound, "", "the browser is no longer known")
	}
	if err != nil {
		return consent.AgentSession{}, err
	}
	return s, nil
}

func (db *DB) agentSession(ctx context.Context, token string, now time.Time) (consent.AgentSession, error) {
	hash := consent.HashOf(token)
	s, err := one(ctx, db.reader, db.scanAgentSession, `SELECT `+agentColumns+`, s.token_hash, s.id_token, s.created_at, s.seen_at, s.draft, s.draft_at
		FROM agent_session s JOIN agent a ON a.id = s.agent_id WHERE s.token_hash = $1`, hash[:])
	s.Draft = s.Draft.Waiting(now)
	return s, err
}

// KeepAgentDraft keeps a form with a session, sealed; the zero Draft forgets the one
// before.
func (db *DB) KeepAgentDraft(ctx context.Context, token string, d consent.Draft) error {
	hash := consent.HashOf(token)
	sealed, err := db.keys.sealDraft(d, hash)
	if err != nil {
		return err
	}
	return db.exec(ctx, `UPDATE agent_session SET draft = $2, draft_at = $3 WHERE token_hash = $1`, hash[:], sealed, orNull(d.At))
}

func (db *DB) scanAgentSession(row pgx.CollectableRow) (s consent.AgentSession, err error) {
	var hash, sealed, draft []byte
	var draftAt *time.Time
	if s.Agent, err = db.scanAgent(row, &hash, &sealed, &s.CreatedAt, &s.SeenAt, &draft, &draftAt); err != nil {
		return s, err
	}
	s.CreatedAt, s.SeenAt = s.CreatedAt.UTC(), s.SeenAt.UTC()
	if s.IDToken, err = db.keys.openSession(sealed, hash); err != nil || draft == nil {
		return s, err
	}
	s.Draft, err = db.keys.openDraft(draft, hash)
	s.Draft.At = utc(draftAt)
	return s, err
}

// CloseAgentSession ends a session. Ending one that is not there is not an error.
func (db *DB) CloseAgentSession(ctx context.Context, token string) error {
	hash := consent.HashOf(token)
	return db.exec(ctx, `DELETE FROM agent_session WHERE token_hash = $1`, hash[:])
}

// SaveAgentAttempt stores an agent's sign-in under way under the hash of its state. A
// citizen's is kept elsewhere: neither callback takes the other's.
func (db *DB) SaveAgentAttempt(ctx context.Context, a consent.AgentAttempt) error {
	hash := consent.HashOf(a.State)
	return db.exec(ctx, `INSERT INTO agent_sign_in_attempt (state_hash, nonce, code_verifier, browser_hash, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		hash[:], a.Nonce, a.CodeVerifier, a.Browser[:], a.ExpiresAt)
}

// TakeAgentAttempt finds a sign-in by its state and uses it up in the same statement.
// It fails with NotFound when it is unknown, used or expired.
func (db *DB) TakeAgentAttempt(ctx context.Context, state string, now time.Time) (consent.AgentAttempt, error) {
	hash := consent.HashOf(state)
	a, err := one(ctx, db.reader, scanAgentAttempt, `DELETE FROM agent_sign_in_attempt WHERE state_hash = $1
		RETURNING nonce, code_verifier, browser_hash, expires_at`, hash[:])
	if err != nil {
		return consent.AgentAttempt{}, err
	}
	if !now.Before(a.ExpiresAt) {
		return consent.AgentAttempt{}, consent.Refuse(consent.NotFound, "state", "the sign-in took too long")
	}
	a.State = state
	return a, nil
}

func scanAgentAttempt(row pgx.CollectableRow) (a consent.AgentAttempt, err error) {
	var browser []byte
	err = row.Scan(&a.Nonce, &a.CodeVerifier, &browser, &a.ExpiresAt)
	copy(a.Browser[:], browser)
	a.ExpiresAt = a.ExpiresAt.UTC()
	return a, err
}
