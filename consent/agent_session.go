package consent

import "time"

// AgentSession is an agent's stay with us: apart from citizens' sessions, and never
// anonymous. Its token lives in a cookie of its own, its hash in the database.
type AgentSession struct {
	Agent     Agent // as registered now, not as at sign-in
	IDToken   string
	CreatedAt time.Time
	SeenAt    time.Time
}

// LiveAt reports whether the session stands at an instant: it ends when idle too long,
// when too old, and with the agent's registration.
func (s AgentSession) LiveAt(now time.Time) bool {
	return s.Agent.State() == AgentActive && now.Before(s.CreatedAt.Add(SessionAbsolute)) && now.Before(s.SeenAt.Add(SessionIdle))
}

// AgentAttempt is an agent's sign-in under way: what must come back unchanged.
type AgentAttempt struct {
	State        string // stored hashed, single use
	Nonce        string
	CodeVerifier string
	Browser      Hash // of the secret in the browser that began it
	ExpiresAt    time.Time
}
