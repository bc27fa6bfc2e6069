package consent

import (
	"encoding/json"
	"fmt"
	"time"
)

// ProviderAnswer is a data set as a provider sent it, before anything is left
// out: one raw value per key, with the month the provider says it speaks of
// (zero when it did not say).
type ProviderAnswer struct {
	Data      map[DataGroup]json.RawMessage
	Period    Period
	RequestID string
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
	Title   string
	Detail  string
	// RetryAfter is how long to wait, when the provider said so.
	RetryAfter time.Duration
	RequestID  string
	Err        error
}

// Error gives codes only: provider texts may quote parameters.
func (f *ProviderFault) Error() string {
	return fmt.Sprintf("provider: %s (status %d, code %q)", f.Outcome, f.Status, f.Code)
}

// Unwrap gives the transport's error, when there is one.
func (f *ProviderFault) Unwrap() error { return f.Err }
