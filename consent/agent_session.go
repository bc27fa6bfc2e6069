package consent

import "time"

// AgentRemembered is how long after a sign-in the browser is known to have been that
// agent's: an answer that was written past the end of the session is still theirs.
const AgentRemembered = SessionAbsolute + 4*time.Hour

// AgentSession is an agent's stay with us: apart from citizens' sessions, and never
// anonymous. Its token lives in a cookie of its own, its hash in the database.
type AgentSession struct {
	Agent     Agent // as registered now, not as at sign-in
	IDToken   string
	Draft     Draft // a form that waits for its agent to sign in again
	CreatedAt time.Time
	SeenAt    time.Time
}

// LiveAt reports whether the session stands at an instant: it ends when idle too long,
// when too old, and with the agent's registration.
func (s AgentSession) LiveAt(now time.Time) bool {
	return s.Agent.State(now) == AgentActive && now.Before(s.CreatedAt.Add(SessionAbsolute)) && now.Before(s.SeenAt.Add(SessionIdle))
}

// RememberedAt reports whether a form that comes with the session's token is known to be
// its agent's, though the session may be over. It opens nothing.
func (s AgentSession) RememberedAt(now time.Time) bool {
	return s.Agent.State(now) == AgentActive && now.Before(s.CreatedAt.Add(AgentRemembered))
}

// DraftFor is what the session keeps for an agent: nothing that somebody else typed.
func (s AgentSession) DraftFor(id AgentID) Draft {
	if id == "" || s.Agent.ID != id {
		return Draft{}
	}
	return s.Draft
}

// AgentAttempt is an agent's sign-in under way: what must come back unchanged.
type AgentAttempt struct {
	State        string // stored hashed, single use
	Nonce        string
	CodeVerifier string
	Browser      Hash // of the secret in the browser that began it
	ExpiresAt    time.Time
}
