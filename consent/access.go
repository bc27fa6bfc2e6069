package consent

import "time"

// Outcome is how one use of the data ended.
type Outcome string

// The outcomes of an access. Open is the only one that is not final.
const (
	Open          Outcome = "open"           // recorded, the provider has not answered yet
	Released      Outcome = "released"       // the granted data left
	Verified      Outcome = "verified"       // another data provider was told that the consent stands
	Compared      Outcome = "compared"       // we looked whether the value changed: nothing left
	Refused       Outcome = "refused"        // the grant was not live
	NoFile        Outcome = "no_file"        // the person has no file at CAF or MSA for that month
	NotIdentified Outcome = "not_identified" // the funds recognise nobody under this identity
	Busy          Outcome = "busy"           // too many calls, or maintenance
	Failed        Outcome = "failed"         // fund failure or unusable answer
	TimedOut      Outcome = "timed_out"      // no answer in time
)

// used tells that the consent served: data left, or a provider was told it may.
func (o Outcome) used() bool { return o == Released || o == Verified }

// AccessWay is how the data was asked for.
type AccessWay string

// The ways of an access.
const (
	WithToken AccessWay = ""      // the administration showed a consent token
	InBatch   AccessWay = "batch" // the administration refreshed many consents at once
	// ToCompare is our own look, to tell the administration whether the value changed.
	ToCompare AccessWay = "comparison"
)

// Period is the month asked for.
type Period struct {
	Year  int
	Month time.Month
}

// Access is one use of the data (CRPA article R. 114-9-7): who asked what and
// how it ended. It holds no value.
type Access struct {
	ID        string
	GrantID   string
	Subject   SubjectID
	ClientID  string
	Recipient SIRET
	TokenID   string // empty in a batch
	Way       AccessWay
	DataSet   string
	Groups    []DataGroup
	Period    Period
	OpenedAt  time.Time
	ClosedAt  time.Time
	Outcome   Outcome
	// ProviderID is the data provider that asked, for data that is not ours to
	// release; empty for our own data API.
	ProviderID string
	// ProviderRequestID is the provider's own number for the call, for support.
	ProviderRequestID string
	// By is who consulted, as the recipient's software said; often nobody.
	By ConsultedBy
	// Attestation is the paper that was made of what was released; often none.
	Attestation Attestation
}

// Attested reports whether a paper was made of what was released.
func (a Access) Attested() bool { return a.Attestation.Code != Hash{} }
