package consent

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// RightsMessage is what the data protection officer wrote to the citizen about a
// request. The citizen reads it here, after signing in.
type RightsMessage struct {
	ID      string
	Subject SubjectID
	Request string
	Agent   AgentID
	Kind    RightsMessageKind
	At      time.Time
	Text    string // encrypted at rest
}

// String keeps the officer's words out of logs and error texts.
func (RightsMessage) String() string { return "[rights message]" }

// GoString keeps them out of %#v.
func (m RightsMessage) GoString() string { return m.String() }

// RightsMessageKind is what a message does to its request.
type RightsMessageKind string

// The kinds of messages.
const (
	RightsNews      RightsMessageKind = "message"   // nothing
	RightsExtension RightsMessageKind = "extension" // two more months, and why (GDPR article 12(3))
	RightsAnswer    RightsMessageKind = "answer"    // closes it
	RightsRefusal   RightsMessageKind = "refusal"   // closes it, with the reasons and the way to complain (GDPR article 12(4))
	// RightsLifting tells, before it happens, that the restriction it led to will be lifted
	// (GDPR article 18(3)). It is written by AnnounceLifting only.
	RightsLifting RightsMessageKind = "lifting"
)

// RightsMessageKinds are those an officer chooses from.
func RightsMessageKinds() []RightsMessageKind {
	return []RightsMessageKind{RightsNews, RightsExtension, RightsAnswer, RightsRefusal}
}

// MaxRightsReply bounds an officer's message, in characters.
const MaxRightsReply = 5000

// check tidies what was written. It fails with InvalidRequest, which names kind or
// text; text also when a refusal does not tell how to complain.
func (m *RightsMessage) check() error {
	if m.Kind != RightsLifting && !slices.Contains(RightsMessageKinds(), m.Kind) {
		return Refuse(InvalidRequest, "kind", "not a kind of message")
	}
	m.Text = strings.TrimSpace(m.Text)
	if n := utf8.RuneCountInString(m.Text); n < MinReason || n > MaxRightsReply {
		return Refuse(InvalidRequest, "text", "between %d and %d characters", MinReason, MaxRightsReply)
	}
	if m.Kind == RightsRefusal && !TellsComplaint(m.Text) {
		return Refuse(InvalidRequest, "text", "a refusal tells how to complain to the CNIL")
	}
	return nil
}

// TellsComplaint reports whether a text names the supervisory authority, to which
// whoever is refused may complain (GDPR article 12(4)).
func TellsComplaint(text string) bool { return strings.Contains(strings.ToUpper(text), "CNIL") }

// after is what a message makes of its request. It fails with RequestClosed when the
// request was closed, and with InvalidRequest, which names kind, when it cannot be
// extended: it was, or its first month is over.
func (r RightsRequest) after(m RightsMessage) (RightsRequest, error) {
	if r.State != RightsOpen && m.Kind != RightsLifting {
		return r, Refuse(RequestClosed, "", "answered or refused already")
	}
	switch m.Kind {
	case RightsExtension:
		if !r.MayExtend(m.At) {
			return r, Refuse(InvalidRequest, "kind", "extended before, or too late to extend")
		}
		r.ExtendedAt, r.DueOn = m.At, DateOf(r.AskedAt).AddMonths(rightsMonths+rightsMoreMonths)
	case RightsAnswer, RightsRefusal:
		r.State, r.ClosedAt = RightsAnswered, m.At
		if m.Kind == RightsRefusal {
			r.State = RightsRefused
		}
	}
	return r, nil
}

// Overdue reports whether the last day to answer an open request has passed.
func (r RightsRequest) Overdue(now time.Time) bool {
	return r.State == RightsOpen && DateOf(now).After(r.DueOn)
}
