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

// LiveAt reports whether neither the idle nor the absolute limit has passed.
func (s Session) LiveAt(now time.Time) bool {
	return now.Before(s.SeenAt.Add(SessionIdle)) && now.Before(s.CreatedAt.Add(SessionAbsolute))
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
