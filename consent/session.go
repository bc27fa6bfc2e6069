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
	Handle     string    // names the session to its citizen; opens nothing
	Device     Device    // of a session that is signed in
	LastSignIn time.Time // the sign-in before this one; zero at the first
	Was        SubjectID // whose session it was, until it ended
	Draft      Draft     // a form that waits for its citizen to sign in again
	ACR        string
	AuthTime   time.Time
	SignedInAt time.Time
	IDToken    string
	Live       LiveToken // when the session is opened; read by TakeLiveToken alone
	CreatedAt  time.Time
	SeenAt     time.Time
}

// Device is what kind of browser a session is in, so that its citizen recognises it.
// Both are words of a closed list, empty when not in it.
type Device struct {
	Browser string // its family, such as "Firefox"
	System  string // such as "Android"
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
	s.Draft = s.Draft.Waiting(now)
	if !now.Before(s.SeenAt.Add(SessionIdle)) {
		return s.Anonymous(), true
	}
	return s, true
}

// Anonymous is the session without its citizen.
func (s Session) Anonymous() Session {
	out := Session{Browser: s.Browser, Was: s.Was, Draft: s.Draft, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt}
	if s.SignedIn() {
		out.Was = s.Subject
	}
	return out
}

// SignInAttempt is a sign-in under way: what must come back unchanged.
type SignInAttempt struct {
	State        string // stored hashed, single use
	Nonce        string
	CodeVerifier string // empty when the provider refuses PKCE
	Browser      BrowserID
	RequestID    string // the request to come back to; empty for the home page
	Data         bool   // scopes of data providers were asked too
	ExpiresAt    time.Time
}
