package consent

import (
	"context"
	"time"
)

// RequestTx writes requests and citizens. Methods that return a bool are
// conditional updates: false means the row was no longer in the state they
// change from, and nothing happened.
type RequestTx interface {
	InsertRequest(ctx context.Context, r Request) error
	// FileRequest inserts a filed request under a keyed hash of the identity, which
	// is erased when the citizen is found.
	FileRequest(ctx context.Context, r Request, matchKey string) error
	// NotePoll records a poll and returns the one before; zero when there was none.
	NotePoll(ctx context.Context, id string, now time.Time) (time.Time, error)
	// BindRequest gives a request to the first browser that opens it; true also
	// when it was this browser's already.
	BindRequest(ctx context.Context, id string, browser BrowserID) (bool, error)
	// IdentifyRequest moves pending to identified; true also when the request
	// was identified by this subject already.
	IdentifyRequest(ctx context.Context, id string, subject SubjectID) (bool, error)
	// KeepParameters seals what was given with a request.
	KeepParameters(ctx context.Context, requestID string, p Parameters) error
	// CloseRequest moves pending or identified to a final status, and forgets what was
	// given with the request.
	CloseRequest(ctx context.Context, id string, status RequestStatus, grantID string) (bool, error)
	// PutSubject finds the citizen by (issuer, sub) or creates one, and stores
	// the identity and the instant of this sign-in, the identity encrypted.
	PutSubject(ctx context.Context, s SignIn, now time.Time) (Citizen, error)
}
