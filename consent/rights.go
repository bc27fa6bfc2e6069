package consent

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Right is what a citizen may ask of the data protection officer.
type Right string

// The rights of the GDPR.
const (
	RightAccess        Right = "access"        // article 15
	RightRectification Right = "rectification" // article 16
	RightErasure       Right = "erasure"       // article 17
	RightRestriction   Right = "restriction"   // article 18
	RightPortability   Right = "portability"   // article 20
	RightObjection     Right = "objection"     // article 21
)

// Rights are all of them, in the order of the articles.
func Rights() []Right {
	return []Right{RightAccess, RightRectification, RightErasure, RightRestriction, RightPortability, RightObjection}
}

// RightsState is how far the officer is with a request.
type RightsState string

// The states of a rights request.
const (
	RightsOpen     RightsState = "open"
	RightsAnswered RightsState = "answered"
	RightsRefused  RightsState = "refused" // with the reasons, GDPR article 12(4)
)

// RightsStates are all of them.
func RightsStates() []RightsState { return []RightsState{RightsOpen, RightsAnswered, RightsRefused} }

// Limits of what one citizen may ask: characters of a message, and requests that wait.
const (
	MaxRightsMessage = 1000
	MaxOpenRights    = 10
)

// RightsRequest is what a citizen asks of the data protection officer.
type RightsRequest struct {
	ID      string
	Subject SubjectID
	Right   Right
	Message string // the citizen's words; may be empty, encrypted at rest
	// Lifts is the restriction whose end is asked (AskLifting); empty when something else
	// is. Such a request is accepted by LiftRestriction.
	Lifts   string
	State   RightsState
	AskedAt time.Time
	// DueOn is the last day to answer: one month, or three when it was extended (GDPR
	// article 12(3)).
	DueOn Date
	// EnteredBy is the agent who entered it for the citizen; empty when they asked here.
	EnteredBy AgentID
	// ExtendedAt is when the term was made longer; zero when it was not.
	ExtendedAt time.Time
	// ClosedAt is when it was answered or refused.
	ClosedAt time.Time
}

// Lifting is what Asks says of a request for the end of a restriction.
const Lifting = "lifting"

// Asks names what is asked: its right, or Lifting.
func (r RightsRequest) Asks() string {
	if r.Lifts != "" {
		return Lifting
	}
	return string(r.Right)
}

// String keeps the citizen's words out of logs and error texts.
func (RightsRequest) String() string { return "[rights request]" }

// GoString keeps them out of %#v.
func (r RightsRequest) GoString() string { return r.String() }

// AskRight opens a request to the data protection officer. It fails with
// InvalidRequest, which names right or message, or with TooMany when MaxOpenRights
// wait already.
func (s *Service) AskRight(ctx context.Context, subject SubjectID, right Right, message string) (RightsRequest, error) {
	r, err := newRight(subject, right, message, s.Now())
	if err != nil {
		return RightsRequest{}, err
	}
	return r, s.openRight(ctx, r)
}

// checkRight tidies the citizen's words.
func checkRight(right Right, message string) (string, error) {
	if !slices.Contains(Rights(), right) {
		return "", Refuse(InvalidRequest, "right", "not a right that can be asked for here")
	}
	message = strings.TrimSpace(message)
	if utf8.RuneCountInString(message) > MaxRightsMessage {
		return "", Refuse(InvalidRequest, "message", "more than %d characters", MaxRightsMessage)
	}
	return message, nil
}

func waitingRights(ctx context.Context, store Reader, subject SubjectID) (n int, err error) {
	err = eachAsked(ctx, store, subject, func(r RightsRequest) error {
		if r.State == RightsOpen {
			n++
		}
		return nil
	})
	return n, err
}

// eachAsked hands over all that a citizen asked, newest first.
func eachAsked(ctx context.Context, store Reader, subject SubjectID, each func(RightsRequest) error) error {
	return pages(func(after RightsRequest) ([]RightsRequest, error) {
		return store.RightsRequests(ctx, subject, after, readAtOnce)
	}, each)
}

// RightsRequests are what the citizen asked last, newest first: as many as one page
// lists.
func (s *Service) RightsRequests(ctx context.Context, subject SubjectID) ([]RightsRequest, error) {
	return s.store.RightsRequests(ctx, subject, RightsRequest{}, readAtOnce)
}
