package consenttest

import (
	"context"
	"time"

	"portail.example/consent"
)

// OpenSession stores a session and returns its token.
func (m *Memory) OpenSession(_ context.Context, s consent.Session) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.t.erased[s.Subject] {
		return "", notFound()
	}
	token, hash := consent.NewSecret()
	m.t.sessions[hash] = s
	return token, nil
}

// Session finds a live session.
func (m *Memory) Session(_ context.Context, token string, now time.Time) (consent.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, live := m.t.sessions[consent.HashOf(token)].At(now)
	if !live {
		return consent.Session{}, notFound()
	}
	if idle := now.Sub(s.SeenAt); idle >= time.Minute && idle < consent.SessionIdle {
		s.SeenAt = now
		m.t.sessions[consent.HashOf(token)] = s
	}
	s.Live = consent.LiveToken{}
	return s, nil
}

// TakeLiveToken takes a sign-in's access token out of its session.
func (m *Memory) TakeLiveToken(_ context.Context, token string, now time.Time) (consent.LiveToken, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	hash := consent.HashOf(token)
	s, live := m.t.sessions[hash].At(now)
	if !live || s.Live.Token == "" {
		return consent.LiveToken{}, notFound()
	}
	out := s.Live
	s.Live = consent.LiveToken{}
	m.t.sessions[hash] = s
	if !out.Live(now) {
		return consent.LiveToken{}, notFound()
	}
	return out, nil
}

// RotateSession replaces a session under a new token.
func (m *Memory) RotateSession(ctx context.Context, oldToken string, s consent.Session) (string, error) {
	if err := m.CloseSession(ctx, oldToken); err != nil {
		return "", err
	}
	return m.OpenSession(ctx, s)
}

// CloseSession ends a session.
func (m *Memory) CloseSession(_ context.Context, token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.t.sessions, consent.HashOf(token))
	return nil
}

// KeepDraft keeps a form with a session; the zero Draft forgets the one before.
func (m *Memory) KeepDraft(_ context.Context, token string, d consent.Draft) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	hash := consent.HashOf(token)
	if s, known := m.t.sessions[hash]; known {
		s.Draft = d
		m.t.sessions[hash] = s
	}
	return nil
}

// SaveSignInAttempt stores a sign-in under way.
func (m *Memory) SaveSignInAttempt(_ context.Context, a consent.SignInAttempt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.attempts[a.State] = a
	return nil
}

// TakeSignInAttempt finds a sign-in and uses it up.
func (m *Memory) TakeSignInAttempt(_ context.Context, state string, now time.Time) (consent.SignInAttempt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.attempts[state]
	delete(m.attempts, state)
	if !ok || !now.Before(a.ExpiresAt) {
		return consent.SignInAttempt{}, notFound()
	}
	return a, nil
}

// UseAssertion remembers a jti.
func (m *Memory) UseAssertion(_ context.Context, clientID, jti string, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.once(clientID + "\n" + jti) {
		return consent.Refuse(consent.InvalidClient, "client_assertion", "this jti was already used")
	}
	return nil
}

// UseOnce remembers a DPoP proof.
func (m *Memory) UseOnce(_ context.Context, id string, _ time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.once(" dpop\n" + id), m.outage
}

func (m *Memory) once(key string) bool {
	seen := m.assertions[key]
	m.assertions[key] = true
	return !seen
}
