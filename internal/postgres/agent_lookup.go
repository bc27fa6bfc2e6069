package postgres

import (
	"context"
	"crypto/cipher"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// RecordLookup keeps the agent's words under the key of whoever was found, so that they
// go with that person; under the agent's when nobody was, or nobody who is still known.
// They are bound to the search.
func (t *tx) RecordLookup(ctx context.Context, l consent.Lookup) error {
	key, by, err := t.lookupKey(ctx, l)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO agent_lookup (id, agent_id, at, kind, reason, subject_id, sealed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.ID, l.Agent, l.At, l.By, key.Seal(nil, nil, []byte(l.Reason), []byte(l.ID)), l.Subject, by)
}

func (t *tx) lookupKey(ctx context.Context, l consent.Lookup) (cipher.AEAD, string, error) {
	if l.Subject != "" {
		known, err := t.sealing(ctx, l.Subject)
		if consent.CodeOf(err) != consent.NotFound {
			return known.key, "subject", err
		}
	}
	wrapped, err := t.agentWrappedKey(ctx, l.Agent)
	if err != nil {
		return nil, "", err
	}
	key, _, err := t.keys.keyOf(agentKey(l.Agent), wrapped)
	return key, "agent", err
}

// Lookups are all agents' searches, newest first.
func (r reader) Lookups(ctx context.Context, after string, limit int) ([]consent.Lookup, error) {
	return many(ctx, r, r.scanLookup, selectLookup+`
		WHERE $1 = '' OR (l.at, l.id) < (SELECT b.at, b.id FROM agent_lookup b WHERE b.id = $1) ORDER BY l.at DESC, l.id DESC LIMIT $2`, after, limit)
}

// LookupsOn are those that found a citizen, newest first.
func (r reader) LookupsOn(ctx context.Context, subject consent.SubjectID, after consent.Lookup, limit int) ([]consent.Lookup, error) {
	return many(ctx, r, r.scanLookup, selectLookup+`
		WHERE l.subject_id = $1 AND l.subject_id <> '' AND ($2 = '' OR (l.at, l.id) < ($3, $2)) ORDER BY l.at DESC, l.id DESC LIMIT $4`,
		subject, after.ID, after.At, limit)
}

// Lookup is one of an agent's own searches.
func (r reader) Lookup(ctx context.Context, agent consent.AgentID, id string) (consent.Lookup, error) {
	return one(ctx, r, r.scanLookup, selectLookup+` WHERE l.id = $2 AND l.agent_id = $1`, agent, id)
}

const selectLookup = `SELECT l.id, l.agent_id, a.wrapped_key, s.wrapped_key, l.sealed_by, l.at, l.kind, l.reason, l.subject_id
	FROM agent_lookup l JOIN agent a ON a.id = l.agent_id LEFT JOIN subject s ON s.id = l.subject_id`

func (r reader) scanLookup(row pgx.CollectableRow) (l consent.Lookup, err error) {
	var agents, subjects, reason []byte
	var by string
	if err = row.Scan(&l.ID, &l.Agent, &agents, &subjects, &by, &l.At, &l.By, &reason, &l.Subject); err != nil {
		return l, err
	}
	l.At = l.At.UTC()
	var key cipher.AEAD
	switch {
	case by == "agent":
		key, _, err = r.keys.keyOf(agentKey(l.Agent), agents)
	case subjects == nil: // erased: the words went with the key
		return l, nil
	default:
		key, err = r.keys.openSubjectKey(string(l.Subject), subjects)
	}
	if err != nil {
		return l, err
	}
	plain, err := key.Open(nil, nil, reason, []byte(l.ID))
	l.Reason = string(plain)
	return l, err
}
