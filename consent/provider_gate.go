package consent

import (
	"context"
	"time"
)

// ProviderGate is what all instances of the portal know together of a provider: how
// many calls a habilitation has left, and whether the provider answers at all. It
// decides in one short statement and holds no lock over a call.
type ProviderGate interface {
	// AdmitCall takes one call out of the budgets of the habilitation and of the
	// recipient, or says for how long there is none. It fails with Unavailable.
	AdmitCall(ctx context.Context, call ProviderCall) (ProviderTurn, error)
	// CallFailed counts a failure. Enough of them in a row stop all calls: for the
	// cool-down, or for the pause the provider asked for when that is longer.
	CallFailed(ctx context.Context, call ProviderCall, pause time.Duration) error
	// CallAnswered forgets the failures.
	CallAnswered(ctx context.Context, call ProviderCall) error
	// HoldCalls leaves the habilitation without calls until an instant.
	HoldCalls(ctx context.Context, call ProviderCall, until time.Time) error
}

// ProviderCall is a call about to be made, or just made.
type ProviderCall struct {
	Habilitation string // a name for it, never its token
	DataSet      string
	Recipient    SIRET // always somebody: budgets are kept by name
	At           time.Time
	// Batch tells a call that nobody waits for: it is paid from what batches share.
	Batch  bool
	Own    bool // under a habilitation of the recipient's own: what holds it back holds back nobody else
	Limits ProviderLimits
}

// batchBudget is the name under which all batches are counted together; no SIRET is
// written so.
const batchBudget SIRET = "batch"

// Budget is whose calls this one is counted with, and at what pace.
func (c ProviderCall) Budget() (SIRET, Pace) {
	if c.Batch {
		return batchBudget, Pace{time.Second / time.Duration(c.Limits.Batch), 1}
	}
	return c.Recipient, c.Limits.Part()
}

// HeldBack is whose budget is left without calls when the provider asks to wait: the
// recipient's, or everybody's, which is empty. Batches are not paid from recipients'.
func (c ProviderCall) HeldBack() (SIRET, Pace) {
	if c.Own && !c.Batch {
		return c.Recipient, c.Limits.Part()
	}
	return "", c.Limits.Whole()
}

// ProviderLimits are how hard a provider may be leaned on.
type ProviderLimits struct {
	Rate     int           // calls a second of the habilitation, all instances together
	Share    int           // calls a second of one recipient
	Batch    int           // calls a second of all batches together; the rest is left to those who wait for an answer
	Failures int           // in a row, after which nobody calls
	CoolDown time.Duration // how long nobody calls
	Probe    time.Duration // how long one caller may take to find out that the provider is back
	// Together is one pace for all, instead of Rate and Share, where calls are counted by
	// the address they come from.
	Together Pace
}

// Whole is the pace of the habilitation: a third of a second's calls may come at
// once, so that no second ever sees more than four thirds of the rate.
func (l ProviderLimits) Whole() Pace {
	if l.Together != (Pace{}) {
		return l.Together
	}
	return Pace{time.Second / time.Duration(l.Rate), max(1, l.Rate/3)}
}

// Part is the pace of one recipient: a second's calls may come at once.
func (l ProviderLimits) Part() Pace {
	if l.Together != (Pace{}) {
		return l.Together
	}
	return Pace{time.Second / time.Duration(l.Share), l.Share}
}

// Pace is one call every Step in the long run, and up to Burst at once (the generic
// cell rate algorithm of ITU-T I.371: its whole state is the instant of the next call).
type Pace struct {
	Step  time.Duration
	Burst int
}

// Slack is by how much a call may come before its instant.
func (p Pace) Slack() time.Duration { return time.Duration(p.Burst-1) * p.Step }

// maxPause bounds what one odd answer of a provider can stop.
const maxPause = 5 * time.Minute

// Shut is until when nobody calls after a failure at this instant.
func (c ProviderCall) Shut(pause time.Duration) time.Time {
	return c.At.Add(max(c.Limits.CoolDown, min(pause, maxPause)))
}

// Held is until when the habilitation is left without calls.
func (c ProviderCall) Held(pause time.Duration) time.Time {
	return c.At.Add(min(max(pause, time.Second), maxPause))
}

// ProviderRefusal is why a provider was not called.
type ProviderRefusal string

// The reasons not to call a provider.
const (
	ProviderBusy ProviderRefusal = "provider_budget"  // the habilitation's or the recipient's calls are used up
	ProviderDown ProviderRefusal = "provider_circuit" // it failed too often
)

// ProviderTurn is what the gate answers.
type ProviderTurn struct {
	Refusal  ProviderRefusal // empty: the call may be made
	Wait     time.Duration   // after a refusal
	Troubled bool            // failures are remembered: tell the gate when the call is answered
}
