package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// sealedAgent is what of an agent only their key opens.
type sealedAgent struct {
	Email     string `json:"email"`
	GivenName string `json:"given_name"`
	UsualName string `json:"usual_name"`
}

// agentKey is the additional data of an agent's wrapped key: no citizen's opens it.
func agentKey(id consent.AgentID) string { return "agent " + string(id) }

const agentColumns = `a.id, a.wrapped_key, a.sealed, a.siret, a.role, a.invited_by, a.invited_at, a.accepted_at, a.revoked_at`

// scanAgent also scans the columns that follow an agent's.
func (r reader) scanAgent(row pgx.CollectableRow, more ...any) (a consent.Agent, err error) {
	var wrapped, sealed []byte
	var accepted, revoked *time.Time
	into := []any{&a.ID, &wrapped, &sealed, &a.SIRET, &a.Role, &a.InvitedBy, &a.InvitedAt, &accepted, &revoked}
	if err = row.Scan(append(into, more...)...); err != nil {
		return a, err
	}
	a.InvitedAt, a.AcceptedAt, a.RevokedAt = a.InvitedAt.UTC(), utc(accepted), utc(revoked)
	who, err := r.keys.openAgent(a.ID, wrapped, sealed)
	a.Email, a.GivenName, a.UsualName = who.Email, who.GivenName, who.UsualName
	return a, err
}

func (r reader) agents(ctx context.Context, where string, args ...any) ([]consent.Agent, error) {
	return many(ctx, r, func(row pgx.CollectableRow) (consent.Agent, error) { return r.scanAgent(row) },
		`SELECT `+agentColumns+` FROM agent a `+where+` ORDER BY a.invited_at DESC, a.id DESC`, args...)
}

// Agents are all that were ever registered, newest first.
func (r reader) Agents(ctx context.Context) ([]consent.Agent, error) { return r.agents(ctx, "") }

// AgentsByEmail are the registrations of a folded address, newest first.
func (r reader) AgentsByEmail(ctx context.Context, email string) ([]consent.Agent, error) {
	return r.agents(ctx, `WHERE a.email_hash = $1`, r.keys.agentEmailOf(email))
}

// Agent finds one.
func (r reader) Agent(ctx context.Context, id consent.AgentID) (consent.Agent, error) {
	return one(ctx, r, func(row pgx.CollectableRow) (consent.Agent, error) { return r.scanAgent(row) },
		`SELECT `+agentColumns+` FROM agent a WHERE a.id = $1`, id)
}

func (t *tx) InsertAgent(ctx context.Context, a consent.Agent) (bool, error) {
	wrapped, sealed, err := t.keys.sealAgent(a, nil)
	if err != nil {
		return false, err
	}
	return t.changed(ctx, `
		INSERT INTO agent (id, wrapped_key, sealed, email_hash, siret, role, invited_by, invited_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (email_hash, siret) WHERE revoked_at IS NULL DO NOTHING`,
		a.ID, wrapped, sealed, t.keys.agentEmailOf(a.Email), a.SIRET, a.Role, a.InvitedBy, a.InvitedAt)
}

// BindAgent is one conditional update: of two accounts that accept one invitation at
// once, one does.
func (t *tx) BindAgent(ctx context.Context, a consent.Agent, issuer, sub string) (bool, error) {
	wrapped, err := t.agentWrappedKey(ctx, a.ID)
	if err != nil {
		return false, err
	}
	_, sealed, err := t.keys.sealAgent(a, wrapped)
	if err != nil {
		return false, err
	}
	return t.changed(ctx, `UPDATE agent SET account_hash = $2, sealed = $3, accepted_at = $4
		WHERE id = $1 AND revoked_at IS NULL AND (account_hash IS NULL OR account_hash = $2)`,
		a.ID, t.keys.agentAccountOf(issuer, sub), sealed, a.AcceptedAt)
}

func (t *tx) RevokeAgent(ctx context.Context, id consent.AgentID, at time.Time) (bool, error) {
	if err := t.exec(ctx, `DELETE FROM agent_session WHERE agent_id = $1`, id); err != nil {
		return false, err
	}
	return t.changed(ctx, `UPDATE agent SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL`, id, at)
}

func (r reader) agentWrappedKey(ctx context.Context, id consent.AgentID) ([]byte, error) {
	return one(ctx, r, pgx.RowTo[[]byte], `SELECT wrapped_key FROM agent WHERE id = $1`, id)
}

// sealAgent encrypts who an agent is, with a new key when wrapped is nil.
func (k Keys) sealAgent(a consent.Agent, wrapped []byte) (key, sealed []byte, err error) {
	aead, wrapped, err := k.keyOf(agentKey(a.ID), wrapped)
	if err != nil {
		return nil, nil, err
	}
	plain, err := json.Marshal(sealedAgent{a.Email, a.GivenName, a.UsualName})
	if err != nil {
		return nil, nil, err
	}
	return wrapped, aead.Seal(nil, nil, plain, []byte(a.ID)), nil
}

func (k Keys) openAgent(id consent.AgentID, wrapped, sealed []byte) (who sealedAgent, err error) {
	aead, _, err := k.keyOf(agentKey(id), wrapped)
	if err != nil {
		return who, err
	}
	plain, err := aead.Open(nil, nil, sealed, []byte(id))
	if err != nil {
		return who, err
	}
	return who, json.Unmarshal(plain, &who)
}
