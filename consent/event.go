package consent

import "time"

// Event is news for an administration (RFC 8417), written to the outbox in the
// transaction of its fact.
type Event struct {
	At        time.Time
	Type      EventType
	ClientID  string
	Subject   SubjectID // for distribution only; the message carries Sub
	Sub       string
	GrantID   string
	RequestID string
	Recipient SIRET
	// DataSet and Month are of EventChanged only: what changed, never to what.
	DataSet string
	Month   Period
}

// EventType is the last part of the event's URI.
type EventType string

// The events of the protocol that this domain emits.
const (
	EventGranted   EventType = "consent.granted"
	EventRefused   EventType = "consent.refused"
	EventReduced   EventType = "consent.reduced"
	EventWithdrawn EventType = "consent.withdrawn"
	EventExpiring  EventType = "consent.expiring" // ExpiryNotice before its end
	EventExpired   EventType = "consent.expired"
	EventChanged   EventType = "data.changed" // the value is not the one of the last look
)

// Stream is what events are ordered in: the consent, or the request that led to
// none.
func (e Event) Stream() string {
	if e.GrantID != "" {
		return e.GrantID
	}
	return e.RequestID
}

// EventDelivery is an event on its way to its client.
type EventDelivery struct {
	Event
	Sequence int64  // its place in the outbox
	JTI      string // the same at each attempt, so that receivers can drop repeats
	Endpoint string // where it is pushed; empty for clients that poll
	Attempts int    // made so far, this one included
	Reason   string // why the last one failed, in our words
}
