package consent

import "time"

// How long a browser stays signed in.
const (
	SessionIdle     = 30 * time.Minute
	SessionAbsolute = 8 * time.Hour
	SignInLifetime  = 15 * time.Minute // from our redirect to the provider's answer
)

// Session is one browser's stay: anonymous (Subject empty) or signed in. Its
// token lives in a cookie, its hash in the database.
type Session struct {
	Browser    BrowserID
	Subject    SubjectID
	ACR        string
	AuthTime   time.Time
	SignedInAt time.Time
	IDToken    string
	CreatedAt  time.Time
	SeenAt     time.Time
}

// SignedIn reports whether a citizen is behind the session.
func (s Session) SignedIn() bool { return s.Subject != "" }

// At is the session as it stands at an instant; false when it is over. A citizen
// who was idle too long is signed out, but the browser stays known: the request
// they were reading can still be answered, after signing in again.
func (s Session) At(now time.Time) (Session, bool) {
	if !now.Before(s.CreatedAt.Add(SessionAbsolute)) {
		return Session{}, false
	}
	if !now.Before(s.SeenAt.Add(SessionIdle)) {
		return Session{Browser: s.Browser, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt}, true
	}
	return s, true
}

// SignInAttempt is a sign-in under way: what must come back unchanged.
type SignInAttempt struct {
	State        string // stored hashed, single use
	Nonce        string
	CodeVerifier string // empty when the provider refuses PKCE
	Browser      BrowserID
	RequestID    string // the request to come back to; empty for the home page
	ExpiresAt    time.Time
}
