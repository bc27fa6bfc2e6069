package consenttest

import (
	"context"
	"sync"
	"time"

	"portail.example/consent"
)

// Gate is a consent.ProviderGate in memory, for one instance.
type Gate struct {
	mu       sync.Mutex
	next     map[[2]string]time.Time
	seen     map[[2]string]time.Time // the latest instant
	circuits map[[2]string]circuit
	err      error
}

type circuit struct {
	failures int
	until    time.Time
}

var _ consent.ProviderGate = (*Gate)(nil)

// NewGate is a gate that saw no call yet.
func NewGate() *Gate {
	return &Gate{next: map[[2]string]time.Time{}, seen: map[[2]string]time.Time{}, circuits: map[[2]string]circuit{}}
}

// Fail makes every answer this error, as a database that is away; nil ends it.
func (g *Gate) Fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = err
}

// AdmitCall looks at the circuit, then takes a call out of both budgets.
func (g *Gate) AdmitCall(_ context.Context, call consent.ProviderCall) (consent.ProviderTurn, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != nil {
		return consent.ProviderTurn{}, g.err
	}
	if wait, shut := g.shut(call); shut {
		return consent.ProviderTurn{Refusal: consent.ProviderDown, Wait: wait}, nil
	}
	if wait := g.take(call); wait > 0 {
		return consent.ProviderTurn{Refusal: consent.ProviderBusy, Wait: wait}, nil
	}
	_, troubled := g.circuits[circuitOf(call)]
	return consent.ProviderTurn{Troubled: troubled}, nil
}

// shut lets one caller through when the cool-down is over.
func (g *Gate) shut(call consent.ProviderCall) (time.Duration, bool) {
	c := g.circuits[circuitOf(call)]
	if c.failures < call.Limits.Failures {
		return 0, false
	}
	if c.until.After(call.At) {
		return c.until.Sub(call.At), true
	}
	c.until = call.At.Add(call.Limits.Probe)
	g.circuits[circuitOf(call)] = c
	return 0, false
}

func (g *Gate) take(call consent.ProviderCall) time.Duration {
	payer, part := call.Budget()
	for _, b := range []struct {
		recipient string
		pace      consent.Pace
	}{{string(payer), part}, {"", call.Limits.Whole()}} {
		key := [2]string{call.Habilitation, b.recipient}
		at := latest(g.seen[key], call.At) // no call comes before one that was counted
		if wait := g.next[key].Add(-b.pace.Slack()).Sub(at); wait > 0 {
			return wait
		}
		g.next[key], g.seen[key] = latest(g.next[key], at).Add(b.pace.Step), at
	}
	return 0
}

// CallFailed counts a failure.
func (g *Gate) CallFailed(_ context.Context, call consent.ProviderCall, pause time.Duration) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.circuits[circuitOf(call)]
	c.failures++
	if c.failures >= call.Limits.Failures {
		c.until = call.Shut(pause)
	}
	g.circuits[circuitOf(call)] = c
	return g.err
}

// CallAnswered forgets the failures.
func (g *Gate) CallAnswered(_ context.Context, call consent.ProviderCall) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.circuits, circuitOf(call))
	return g.err
}

// HoldCalls leaves the habilitation without calls until an instant.
func (g *Gate) HoldCalls(_ context.Context, call consent.ProviderCall, until time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	payer, pace := call.HeldBack()
	key := [2]string{call.Habilitation, string(payer)}
	g.next[key] = latest(g.next[key], latest(g.seen[key], call.At).Add(until.Sub(call.At)+pace.Slack()))
	return g.err
}

func circuitOf(call consent.ProviderCall) [2]string {
	return [2]string{call.Habilitation, call.DataSet}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
