package consent

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Question is what a provider is asked: a data set of a person, on behalf of a
// recipient.
type Question struct {
	DataSet   DataSet
	Who       PivotIdentity
	Recipient SIRET
	Period    Period // the month, of data that have one
	// Parameters are what the data set asks for beside the civil status.
	Parameters Parameters
}

// ProviderAnswer is what a provider documents of a data set, as it sent it: one raw value
// per key of `data`, whatever was granted (DataSet.Cut takes that out), with the month
// the provider says it speaks of (zero when it did not say).
type ProviderAnswer struct {
	Data      map[string]json.RawMessage
	Period    Period
	RequestID string
	// About is whom the answer is about, where the data set says how it tells (Upstream.Whose).
	About Person
}

// String keeps released values out of logs.
func (ProviderAnswer) String() string { return "[data]" }

// ProviderFault is a provider's refusal or failure in the terms of API
// Particulier; the gateway maps it to its own answer.
type ProviderFault struct {
	// Outcome is NoFile, NotIdentified, Busy, Failed or TimedOut.
	Outcome Outcome
	Status  int    // HTTP status upstream, 0 when there was none
	Code    string // five characters, "" when there was none
	// RetryAfter is how long to wait, when the provider said so.
	RetryAfter time.Duration
	RequestID  string
	// Refusal is why the provider was not even called; empty when it was.
	Refusal ProviderRefusal
	// Proof is what was wrong with FranceConnect's token; empty when nothing was, or none
	// was used.
	Proof Proof
	Err   error // never quotes the call, whose address holds the identity
}

// Error gives codes and our own words only: provider texts may quote parameters.
func (f *ProviderFault) Error() string {
	if f.Refusal != "" {
		return "provider: not called: " + string(f.Refusal)
	}
	text := fmt.Sprintf("provider: %s (status %d, code %q)", f.Outcome, f.Status, f.Code)
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}

// FaultOf is the provider's fault behind an error; nil when there is none.
func FaultOf(err error) *ProviderFault {
	var fault *ProviderFault
	errors.As(err, &fault)
	return fault
}

// Unwrap gives what was wrong with the answer, when there was one at all.
func (f *ProviderFault) Unwrap() error { return f.Err }
