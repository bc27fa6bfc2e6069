package consenttest

import (
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

// account is an agent with the ProConnect account that accepted the invitation.
type account struct {
	consent.Agent
	issuer, sub string
}

func (v *view) Agents(context.Context) ([]consent.Agent, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.t.agentsWhere(func(consent.Agent) bool { return true }), nil
}

func (v *view) AgentsByEmail(_ context.Context, email string) ([]consent.Agent, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.t.agentsWhere(func(a consent.Agent) bool { return a.Email == email }), nil
}

func (t *tables) agentsWhere(wanted func(consent.Agent) bool) (out []consent.Agent) {
	for _, a := range t.agents {
		if wanted(a.Agent) {
			out = append(out, a.Agent)
		}
	}
	slices.SortFunc(out, func(a, b consent.Agent) int { return newest(a.InvitedAt, b.InvitedAt, string(b.ID), string(a.ID)) })
	return out
}

func (v *view) Agent(_ context.Context, id consent.AgentID) (consent.Agent, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	a, err := find(v.t.agents, id)
	return a.Agent, err
}

func (v *view) Lookups(_ context.Context, after string, limit int) ([]consent.Lookup, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := slices.Clone(v.t.lookups)
	slices.SortFunc(out, func(a, b consent.Lookup) int { return newest(a.At, b.At, b.ID, a.ID) })
	if after != "" {
		at := slices.IndexFunc(out, func(l consent.Lookup) bool { return l.ID == after })
		if at < 0 {
			return nil, nil
		}
		out = out[at+1:]
	}
	return out[:min(limit, len(out))], nil
}

func (x *memoryTx) InsertAgent(_ context.Context, a consent.Agent) (bool, error) {
	taken := x.t.agentsWhere(func(b consent.Agent) bool {
		return b.Email == a.Email && b.SIRET == a.SIRET && b.RevokedAt.IsZero()
	})
	if len(taken) > 0 {
		return false, nil
	}
	x.t.agents[a.ID] = account{Agent: a}
	return true, nil
}

func (x *memoryTx) BindAgent(_ context.Context, a consent.Agent, issuer, sub string) (bool, error) {
	known, err := find(x.t.agents, a.ID)
	if err != nil || !known.RevokedAt.IsZero() || known.sub != "" && (known.issuer != issuer || known.sub != sub) {
		return false, err
	}
	known.issuer, known.sub = issuer, sub
	known.GivenName, known.UsualName, known.AcceptedAt = a.GivenName, a.UsualName, a.AcceptedAt
	x.t.agents[a.ID] = known
	return true, nil
}

func (x *memoryTx) RevokeAgent(_ context.Context, id consent.AgentID, at time.Time) (bool, error) {
	known, err := find(x.t.agents, id)
	if err != nil || !known.RevokedAt.IsZero() {
		return false, err
	}
	known.RevokedAt = at
	x.t.agents[id] = known
	return true, nil
}

func (x *memoryTx) RecordLookup(_ context.Context, l consent.Lookup) error {
	x.t.lookups = append(x.t.lookups, l)
	return nil
}

// OpenAgentSession stores an agent's session and returns its token.
func (m *Memory) OpenAgentSession(_ context.Context, s consent.AgentSession) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	token, hash := consent.NewSecret()
	m.agentSessions[hash] = s
	return token, nil
}

// AgentSession finds a live session, with its agent as registered now.
func (m *Memory) AgentSession(_ context.Context, token string, now time.Time) (consent.AgentSession, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.agentSessions[consent.HashOf(token)]
	s.Agent = m.t.agents[s.Agent.ID].Agent
	if !s.LiveAt(now) {
		return consent.AgentSession{}, notFound()
	}
	s.SeenAt, s.Draft = now, s.Draft.Waiting(now)
	m.agentSessions[consent.HashOf(token)] = s
	return s, nil
}

// PastAgentSession finds a session that may be over, of a browser that is still known.
func (m *Memory) PastAgentSession(_ context.Context, token string, now time.Time) (consent.AgentSession, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.agentSessions[consent.HashOf(token)]
	s.Agent = m.t.agents[s.Agent.ID].Agent
	if !s.RememberedAt(now) {
		return consent.AgentSession{}, notFound()
	}
	s.Draft = s.Draft.Waiting(now)
	return s, nil
}

// KeepAgentDraft keeps a form with a session; the zero Draft forgets the one before.
func (m *Memory) KeepAgentDraft(_ context.Context, token string, d consent.Draft) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.agentSessions[consent.HashOf(token)]; ok {
		s.Draft = d
		m.agentSessions[consent.HashOf(token)] = s
	}
	return nil
}

// CloseAgentSession ends a session.
func (m *Memory) CloseAgentSession(_ context.Context, token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.agentSessions, consent.HashOf(token))
	return nil
}

// SaveAgentAttempt stores an agent's sign-in under way.
func (m *Memory) SaveAgentAttempt(_ context.Context, a consent.AgentAttempt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.agentAttempts[a.State] = a
	return nil
}

// TakeAgentAttempt finds an agent's sign-in and uses it up.
func (m *Memory) TakeAgentAttempt(_ context.Context, state string, now time.Time) (consent.AgentAttempt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.agentAttempts[state]
	delete(m.agentAttempts, state)
	if !ok || !now.Before(a.ExpiresAt) {
		return consent.AgentAttempt{}, notFound()
	}
	return a, nil
}
