package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// RecordLookup keeps the agent's words under the agent's key, bound to the search.
func (t *tx) RecordLookup(ctx context.Context, l consent.Lookup) error {
	wrapped, err := t.agentWrappedKey(ctx, l.Agent)
	if err != nil {
		return err
	}
	key, _, err := t.keys.keyOf(agentKey(l.Agent), wrapped)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO agent_lookup (id, agent_id, at, kind, reason, subject_id) VALUES ($1, $2, $3, $4, $5, $6)`,
		l.ID, l.Agent, l.At, l.By, key.Seal(nil, nil, []byte(l.Reason), []byte(l.ID)), l.Subject)
}

// Lookups are all agents' searches, newest first.
func (r reader) Lookups(ctx context.Context, after string, limit int) ([]consent.Lookup, error) {
	return many(ctx, r, r.scanLookup, `SELECT l.id, l.agent_id, a.wrapped_key, l.at, l.kind, l.reason, l.subject_id
		FROM agent_lookup l JOIN agent a ON a.id = l.agent_id
		WHERE $1 = '' OR (l.at, l.id) < (SELECT b.at, b.id FROM agent_lookup b WHERE b.id = $1) ORDER BY l.at DESC, l.id DESC LIMIT $2`, after, limit)
}

// LookupsOn are those that found a citizen, newest first.
func (r reader) LookupsOn(ctx context.Context, subject consent.SubjectID, after consent.Lookup, limit int) ([]consent.Lookup, error) {
	return many(ctx, r, r.scanLookup, `SELECT l.id, l.agent_id, a.wrapped_key, l.at, l.kind, l.reason, l.subject_id
		FROM agent_lookup l JOIN agent a ON a.id = l.agent_id
		WHERE l.subject_id = $1 AND l.subject_id <> '' AND ($2 = '' OR (l.at, l.id) < ($3, $2)) ORDER BY l.at DESC, l.id DESC LIMIT $4`,
		subject, after.ID, after.At, limit)
}

// Lookup is one of an agent's own searches.
func (r reader) Lookup(ctx context.Context, agent consent.AgentID, id string) (consent.Lookup, error) {
	return one(ctx, r, r.scanLookup, `SELECT l.id, l.agent_id, a.wrapped_key, l.at, l.kind, l.reason, l.subject_id
		FROM agent_lookup l JOIN agent a ON a.id = l.agent_id WHERE l.id = $2 AND l.agent_id = $1`, agent, id)
}

func (r reader) scanLookup(row pgx.CollectableRow) (l consent.Lookup, err error) {
	var wrapped, reason []byte
	if err = row.Scan(&l.ID, &l.Agent, &wrapped, &l.At, &l.By, &reason, &l.Subject); err != nil {
		return l, err
	}
	l.At = l.At.UTC()
	key, _, err := r.keys.keyOf(agentKey(l.Agent), wrapped)
	if err != nil {
		return l, err
	}
	plain, err := key.Open(nil, nil, reason, []byte(l.ID))
	l.Reason = string(plain)
	return l, err
}
