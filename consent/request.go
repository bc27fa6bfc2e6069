package consent

import "time"

// RequestStatus is the state of a question put to a citizen.
type RequestStatus string

// The states of a request.
const (
	RequestPending    RequestStatus = "pending"    // pushed, nobody identified yet
	RequestIdentified RequestStatus = "identified" // a citizen is looking at it
	RequestGranted    RequestStatus = "granted"
	RequestRefused    RequestStatus = "refused"
	RequestExpired    RequestStatus = "expired"   // computed, see StatusAt
	RequestCancelled  RequestStatus = "cancelled" // taken back by the client
)

// Request is the question: who asks what, for what, until when (RFC 9126).
type Request struct {
	ID      string
	URIHash Hash // of the request_uri's secret part
	// URIExpiresAt ends the hand-over by request_uri; ExpiresAt ends the journey.
	URIExpiresAt  time.Time
	ExpiresAt     time.Time
	CreatedAt     time.Time
	ClientID      string
	Details       Details
	RedirectURI   string
	State         string // the client's, echoed untouched
	CodeChallenge string // S256
	JKT           string // key the code will be bound to (RFC 9449 section 10); may be empty
	Language      string // first known ui_locales, "" for the browser's
	ForcePrompt   bool   // prompt=consent: ask even if a grant covers it
	Filed         bool   // filed without the browser: it waits for its citizen to sign in
	Reference     string // the administration's file number, shown to the citizen
	Status        RequestStatus
	// Browser is the one that opened the request; no other may answer it.
	Browser BrowserID
	// Subject is the citizen who identified; no other may answer it.
	Subject SubjectID
	// GrantID is the consent that answers it, once granted.
	GrantID string
}

// StatusAt is the one judgement on a request's state at an instant.
func (r Request) StatusAt(now time.Time) RequestStatus {
	open := r.Status == RequestPending || r.Status == RequestIdentified
	if open && !now.Before(r.ExpiresAt) {
		return RequestExpired
	}
	return r.Status
}

// Viewer is who looks at a request: a browser, perhaps with a citizen signed in.
type Viewer struct {
	Browser BrowserID
	Subject SubjectID
}

// OpenTo fails with RequestForeign (RequestAddressed, for a filed one) unless the viewer's browser opened the
// request and, once a citizen identified, that citizen is the one signed in; with
// SignInRequired when nobody is signed in any more. It is what keeps a stolen
// link, a second browser or the next user of a shared computer out. A request
// that expired holds nothing to protect: whoever sits at that browser may send
// the administration its answer.
func (r Request) OpenTo(v Viewer, now time.Time) error {
	if r.Filed {
		return r.openToSubject(v)
	}
	switch {
	case v.Browser == "" || r.Browser != v.Browser:
		return Refuse(RequestForeign, "", "opened in another browser")
	case r.Subject == "" || r.Subject == v.Subject || r.StatusAt(now) == RequestExpired:
		return nil
	case v.Subject == "":
		return Refuse(SignInRequired, "", "the citizen's session has ended")
	}
	return Refuse(RequestForeign, "", "identified by another citizen")
}

// openToSubject: a filed request is its citizen's, in whatever browser.
func (r Request) openToSubject(v Viewer) error {
	switch {
	case v.Subject == "":
		return Refuse(SignInRequired, "", "the request waits for its citizen")
	case r.Subject != v.Subject:
		return Refuse(RequestAddressed, "", "filed for another citizen")
	}
	return nil
}

// Answerable fails unless the request still waits for an answer at now.
func (r Request) Answerable(now time.Time) error {
	switch r.StatusAt(now) {
	case RequestPending, RequestIdentified:
		return nil
	case RequestExpired:
		return Refuse(RequestOverdue, "", "the request expired unanswered")
	default:
		return Refuse(RequestClosed, "", "the request was already answered")
	}
}
