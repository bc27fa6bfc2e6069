package apiparticulier_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
)

// A cache that answers for another month is gone past, once.
func TestTheMonthTrap(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{StaleMonth: true})
	answer, err := w.Ask(t.Context(), asking(jeanne(), november))
	if calls := w.stub.Calls(); err != nil || answer.Period != november || len(calls) != 2 || calls[0].NoCache || !calls[1].NoCache {
		t.Errorf("%v, %v, %+v", err, answer.Period, calls)
	}
	w.stub.Misbehave(stub.Mischief{WrongMonth: true})
	answer, err = w.Ask(t.Context(), asking(jeanne(), november))
	if calls := w.stub.Calls(); err != nil || answer.Period == november || len(calls) != 4 {
		t.Errorf("it insists: %v, %v, %d calls", err, answer.Period, len(calls))
	}
}

// A retry that would end after the call's own time is not made.
func TestNoRetryBeyondTheTime(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{Code: "00015", Before: func() { w.clock.Advance(whole - 400*time.Millisecond) }})
	_, err := w.Ask(t.Context(), asking(jeanne(), november))
	if f := fault(t, err); f.Code != "00015" || len(w.stub.Calls()) != 1 || len(w.waits) != 0 {
		t.Errorf("%v after %d calls, %v", f, len(w.stub.Calls()), w.waits)
	}
}

func TestRetriesAreSpread(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 5 {
		w := newWorld(t)
		w.stub.Misbehave(stub.Mischief{Code: "00015", Times: 1})
		if _, err := w.Ask(t.Context(), asking(jeanne(), november)); err != nil || len(w.waits) != 1 {
			t.Fatalf("%v, %v", err, w.waits)
		}
		if d := w.waits[0]; d < 500*time.Millisecond || d > 2*time.Second {
			t.Errorf("waited %v", d)
		}
		seen[w.waits[0]] = true
	}
	if len(seen) < 2 {
		t.Error("everybody comes back at once")
	}
}

// boarding is a context that tells when its caller has begun to wait for the answer.
type boarding struct {
	context.Context
	once *sync.Once
	wait *sync.WaitGroup
}

func (b boarding) Done() <-chan struct{} {
	b.once.Do(b.wait.Done)
	return b.Context.Done()
}

// together has callers ask the same while the first call is under way, and lets it end
// when do returns.
func together(t *testing.T, w *world, contexts []context.Context, do func()) []error {
	t.Helper()
	arrived, release := make(chan struct{}), make(chan struct{})
	w.stub.Misbehave(stub.Mischief{Before: sync.OnceFunc(func() { close(arrived); <-release })})
	errs := make([]error, len(contexts))
	var callers, boarded sync.WaitGroup
	boarded.Add(len(contexts))
	for i, ctx := range contexts {
		ctx = boarding{ctx, &sync.Once{}, &boarded}
		callers.Go(func() { _, errs[i] = w.Ask(ctx, asking(jeanne(), november)) })
	}
	<-arrived
	boarded.Wait()
	do()
	close(release)
	callers.Wait()
	return errs
}

func TestIdenticalCallsAreOne(t *testing.T) {
	w := newWorld(t)
	leaving, leave := context.WithCancel(t.Context())
	errs := together(t, w, []context.Context{t.Context(), t.Context(), leaving, t.Context()}, func() {})
	leave()
	if len(w.stub.Calls()) != 1 {
		t.Errorf("%d calls", len(w.stub.Calls()))
	}
	for i, err := range errs {
		if err != nil {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	if _, err := w.Ask(t.Context(), asking(jeanne(), november)); err != nil || len(w.stub.Calls()) != 2 {
		t.Errorf("the next is a call of its own: %v, %d calls", err, len(w.stub.Calls()))
	}
}

func TestTheFirstToLeaveDoesNotEndTheCallForTheOthers(t *testing.T) {
	w := newWorld(t)
	leaving, leave := context.WithCancel(t.Context())
	errs := together(t, w, []context.Context{leaving, t.Context(), leaving}, leave)
	if errs[1] != nil || errs[0] == nil || errs[2] == nil || len(w.stub.Calls()) != 1 {
		t.Errorf("%v, %d calls", errs, len(w.stub.Calls()))
	}
}

// When all have left nobody learns how it ended, and it counts for nothing.
func TestTheLastToLeaveEndsTheCall(t *testing.T) {
	w := newWorld(t)
	ctx, leave := context.WithCancel(t.Context())
	w.stub.Misbehave(stub.Mischief{SlowHeaders: true, Before: leave})
	if _, err := w.Ask(ctx, asking(jeanne(), november)); fault(t, err).Outcome != consent.Failed {
		t.Error(err)
	}
	w.stub.Misbehave(stub.Mischief{})
	if _, err := w.Ask(t.Context(), asking(jeanne(), november.Before())); err != nil {
		t.Error(err)
	}
}

func TestOneRecipientTakesItsSlotsOnly(t *testing.T) {
	w := newWorld(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	w.stub.Misbehave(stub.Mischief{Before: func() { arrived <- struct{}{}; <-release }})
	config := w.config(w.base, habilitation)
	config.Slots = apiparticulier.Slots{DataSet: 3, Recipient: 2}
	client := apiparticulier.New(config)
	var callers sync.WaitGroup
	ask := func(recipient consent.SIRET, month time.Month) error {
		question := asking(jeanne(), consent.Period{Year: 2026, Month: month})
		question.Recipient = recipient
		_, err := client.Ask(t.Context(), question)
		return err
	}
	for month := range time.Month(2) {
		callers.Go(func() { _ = ask(recipient, month+1) })
		<-arrived
	}
	if f := fault(t, ask(recipient, 3)); f.Refusal != consent.ProviderBusy || f.RetryAfter <= 0 {
		t.Errorf("a third of the same recipient: %v", f)
	}
	callers.Go(func() { _ = ask("21990013100018", 1) })
	<-arrived
	if f := fault(t, ask("21750001600019", 1)); f.Refusal != consent.ProviderBusy {
		t.Errorf("a fourth of the data set: %v", f)
	}
	close(release)
	callers.Wait()
	w.stub.Misbehave(stub.Mischief{})
	if err := ask(recipient, 4); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestTheBudgetIsUsedUpBeforeTheProviders(t *testing.T) {
	w := newWorld(t)
	busy := 0
	for month := range time.Month(11) {
		_, err := w.Ask(t.Context(), asking(jeanne(), consent.Period{Year: 2026, Month: month + 1}))
		if err == nil {
			continue
		}
		if f := fault(t, err); f.Refusal == consent.ProviderBusy && f.RetryAfter > 0 {
			busy++
		}
	}
	if calls := len(w.stub.Calls()); calls != 5 || busy != 6 {
		t.Errorf("%d calls, %d refused", calls, busy)
	}
	w.clock.Advance(time.Second)
	if _, err := w.Ask(t.Context(), asking(jeanne(), november)); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

func TestTooManyRequestsHoldsEverybody(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{Code: "00429", RetryAfter: "7", Times: 1})
	_, _ = w.Ask(t.Context(), asking(jeanne(), november))
	other := asking(jeanne(), november)
	other.Recipient = "21990013100018"
	_, err := w.Ask(t.Context(), other)
	if f := fault(t, err); f.Refusal != consent.ProviderBusy || f.RetryAfter < 6*time.Second || len(w.stub.Calls()) != 1 {
		t.Errorf("%v, wait %v, %d calls", f, f.RetryAfter, len(w.stub.Calls()))
	}
	w.clock.Advance(7 * time.Second)
	if _, err := w.Ask(t.Context(), asking(jeanne(), november)); err != nil {
		t.Error(err)
	}
}

func TestTheCircuitOpensAndCloses(t *testing.T) {
	for name, c := range map[string]struct {
		mischief stub.Mischief
		opens    bool
	}{
		"reset":             {stub.Mischief{Reset: true}, true},
		"garbage":           {stub.Mischief{Garbage: true}, true},
		"the fund is slow":  {stub.Mischief{Code: "35002"}, true},
		"maintenance":       {stub.Mischief{Code: "35020"}, true},
		"500":               {stub.Mischief{Status: 500}, true},
		"always so for one": {stub.Mischief{Code: "35000"}, false},
		"nobody":            {stub.Mischief{Code: "35560"}, false},
		"no file":           {stub.Mischief{Code: "23003"}, false},
		"our habilitation":  {stub.Mischief{Code: "00101"}, false},
		"our parameter":     {stub.Mischief{Code: "00210"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.stub.Misbehave(c.mischief)
			for range 5 {
				w.clock.Advance(time.Second)
				_, _ = w.Ask(t.Context(), asking(jeanne(), november))
			}
			w.clock.Advance(time.Second)
			w.stub.Misbehave(stub.Mischief{})
			_, err := w.Ask(t.Context(), asking(jeanne(), november))
			if opened := err != nil && fault(t, err).Refusal == consent.ProviderDown; opened != c.opens {
				t.Fatalf("opened %v: %v", opened, err)
			}
			w.clock.Advance(5 * time.Minute)
			for range 2 {
				if _, err := w.Ask(t.Context(), asking(jeanne(), november)); err != nil {
					t.Errorf("it is back: %v", err)
				}
			}
		})
	}
}

func TestNoCallWithoutTheGate(t *testing.T) {
	w := newWorld(t)
	away := consent.Refuse(consent.Unavailable, "", "no database")
	w.gate.Fail(away)
	if _, err := w.Ask(t.Context(), asking(jeanne(), november)); !errors.Is(err, consent.Unavailable) || len(w.stub.Calls()) != 0 {
		t.Errorf("%v, %d calls", err, len(w.stub.Calls()))
	}
}
