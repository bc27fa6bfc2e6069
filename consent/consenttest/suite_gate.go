package consenttest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portail.example/consent"
)

// GateSuite is the contract of consent.ProviderGate in code: open gives a gate that
// saw no call yet.
func GateSuite(t *testing.T, open func(t *testing.T) consent.ProviderGate) {
	for name, clause := range map[string]func(*testing.T, consent.ProviderGate){
		"no more calls than the rate, whoever asks":     gateRate,
		"a call that waited is not too early":           gateLate,
		"a hold lasts its time by the latest clock":     gateHoldLate,
		"one recipient leaves calls to the others":      gateShare,
		"batches together leave calls to all others":    gateBatch,
		"a held habilitation waits, and only it":        gateHold,
		"a recipient's own quota holds nobody else":     gateOwn,
		"one pace for all, counted by address":          gateTogether,
		"enough failures in a row stop everybody":       gateCircuit,
		"an answer in between starts the count again":   gateAnswer,
		"one caller finds out, and one only":            gateProbe,
		"the pause a provider asks for is kept, within": gatePause,
	} {
		t.Run(name, func(t *testing.T) { clause(t, open(t)) })
	}
}

func gateCall(at time.Time, recipient consent.SIRET) consent.ProviderCall {
	return consent.ProviderCall{Habilitation: "h", DataSet: "quotient_familial", Recipient: recipient, At: at, Limits: consent.ProviderLimits{
		Rate: 15, Share: 5, Batch: 7, Failures: 3, CoolDown: 30 * time.Second, Probe: 15 * time.Second,
	}}
}

func turn(t *testing.T, g consent.ProviderGate, call consent.ProviderCall) consent.ProviderTurn {
	t.Helper()
	out, err := g.AdmitCall(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// gateRate has four recipients ask ten times a second each, for ten seconds: in no
// second of them more than upstream's own twenty are let through.
func gateRate(t *testing.T, g consent.ProviderGate) {
	start := NewClock().Now()
	perSecond := make([]atomic.Int64, 10)
	for tick := range 100 {
		var callers sync.WaitGroup
		for i := range 4 {
			callers.Go(func() {
				call := gateCall(start.Add(time.Duration(tick)*100*time.Millisecond), consent.SIRET("2199001230001"+string(rune('0'+i))))
				if out, err := g.AdmitCall(t.Context(), call); err == nil && out.Refusal == "" {
					perSecond[tick/10].Add(1)
				}
			})
		}
		callers.Wait()
	}
	var total int64
	for second := range perSecond {
		n := perSecond[second].Load()
		total += n
		if n > 20 {
			t.Errorf("second %d: %d calls", second, n)
		}
	}
	if total < 145 || total > 155 {
		t.Errorf("%d calls in ten seconds", total)
	}
}

// gateShare has one recipient ask twenty times a second, and another twice.
func gateShare(t *testing.T, g consent.ProviderGate) {
	at, admitted := NewClock().Now(), 0
	for tick := range 40 {
		at = at.Add(50 * time.Millisecond)
		if out := turn(t, g, gateCall(at, "21990012300015")); out.Refusal == "" {
			admitted++
		} else if out.Refusal != consent.ProviderBusy || out.Wait <= 0 || out.Wait > time.Second {
			t.Fatalf("refused with %+v", out)
		}
		if tick%10 == 9 {
			if out := turn(t, g, gateCall(at, "21990013100018")); out.Refusal != "" {
				t.Errorf("the other recipient starves: %+v", out)
			}
		}
	}
	if admitted < 13 || admitted > 16 {
		t.Errorf("%d calls of one recipient in two seconds", admitted)
	}
}

// gateBatch has two batches ask fifty times a second each, and four administrations
// twice: those find a call whenever they ask.
func gateBatch(t *testing.T, g consent.ProviderGate) {
	at, admitted := NewClock().Now(), 0
	for tick := range 100 {
		at = at.Add(20 * time.Millisecond)
		for _, recipient := range []consent.SIRET{"21990012300015", "21990013100018"} {
			call := gateCall(at, recipient)
			call.Batch = true
			if out := turn(t, g, call); out.Refusal == "" {
				admitted++
			} else if out.Wait > time.Second {
				t.Fatalf("refused with %+v", out)
			}
		}
		if tick%25 != 24 {
			continue
		}
		for i := range 4 { // the first of them is a batch's own recipient
			if out := turn(t, g, gateCall(at, consent.SIRET("2199001230001"+string(rune('5'+i))))); out.Refusal != "" {
				t.Errorf("an administration that waits for its answer starves: %+v", out)
			}
		}
	}
	if admitted < 13 || admitted > 15 {
		t.Errorf("%d calls of batches in two seconds", admitted)
	}
}

func gateHold(t *testing.T, g consent.ProviderGate) {
	call := gateCall(NewClock().Now(), "21990012300015")
	if err := g.HoldCalls(t.Context(), call, call.At.Add(3*time.Second)); err != nil {
		t.Fatal(err)
	}
	if out := turn(t, g, call); out.Refusal != consent.ProviderBusy || out.Wait <= 2*time.Second || out.Wait > 4*time.Second {
		t.Errorf("held: %+v", out)
	}
	other := call
	other.Habilitation = "another"
	if out := turn(t, g, other); out.Refusal != "" {
		t.Errorf("another habilitation: %+v", out)
	}
	call.At = call.At.Add(3 * time.Second)
	if out := turn(t, g, call); out.Refusal != "" {
		t.Errorf("afterwards: %+v", out)
	}
}

func gateOwn(t *testing.T, g consent.ProviderGate) {
	call := gateCall(NewClock().Now(), "21990012300015")
	call.Own = true
	if err := g.HoldCalls(t.Context(), call, call.At.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if out := turn(t, g, call); out.Refusal != consent.ProviderBusy || out.Wait <= 59*time.Second || out.Wait > time.Minute+time.Second {
		t.Errorf("held: %+v", out)
	}
	if out := turn(t, g, gateCall(call.At, "21990013100018")); out.Refusal != "" {
		t.Errorf("another recipient: %+v", out)
	}
	call.At = call.At.Add(time.Minute)
	if out := turn(t, g, call); out.Refusal != "" {
		t.Errorf("afterwards: %+v", out)
	}
}

// gateTogether has somebody ask ten times a minute for an hour.
func gateTogether(t *testing.T, g consent.ProviderGate) {
	call, admitted := gateCall(NewClock().Now(), "21990012300015"), 0
	call.Limits.Together = consent.Pace{Step: 36 * time.Second, Burst: 5}
	for range 600 {
		call.At = call.At.Add(6 * time.Second)
		if out := turn(t, g, call); out.Refusal == "" {
			admitted++
		} else if out.Wait <= 0 || out.Wait > 36*time.Second {
			t.Fatalf("%+v", out)
		}
	}
	if admitted < 100 || admitted > 105 {
		t.Errorf("%d calls in an hour", admitted)
	}
}

func fail(t *testing.T, g consent.ProviderGate, call consent.ProviderCall, times int, pause time.Duration) {
	t.Helper()
	for range times {
		if err := g.CallFailed(t.Context(), call, pause); err != nil {
			t.Fatal(err)
		}
	}
}

func gateCircuit(t *testing.T, g consent.ProviderGate) {
	call := gateCall(NewClock().Now(), "21990012300015")
	fail(t, g, call, 2, 0)
	if out := turn(t, g, call); out.Refusal != "" || !out.Troubled {
		t.Errorf("after two: %+v", out)
	}
	fail(t, g, call, 1, 0)
	if out := turn(t, g, call); out.Refusal != consent.ProviderDown || out.Wait != 30*time.Second {
		t.Errorf("after three: %+v", out)
	}
	elsewhere := call
	elsewhere.DataSet = "another"
	if out := turn(t, g, elsewhere); out.Refusal != "" {
		t.Errorf("another data set: %+v", out)
	}
}

func gateAnswer(t *testing.T, g consent.ProviderGate) {
	call := gateCall(NewClock().Now(), "21990012300015")
	fail(t, g, call, 2, 0)
	if err := g.CallAnswered(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	fail(t, g, call, 2, 0)
	if out := turn(t, g, call); out.Refusal != "" {
		t.Errorf("%+v", out)
	}
}

func gateProbe(t *testing.T, g consent.ProviderGate) {
	call := gateCall(NewClock().Now(), "21990012300015")
	fail(t, g, call, 3, 0)
	call.At = call.At.Add(30 * time.Second)
	var callers sync.WaitGroup
	var through atomic.Int64
	for range 4 {
		callers.Go(func() {
			if out, err := g.AdmitCall(t.Context(), call); err == nil && out.Refusal == "" {
				through.Add(1)
			}
		})
	}
	callers.Wait()
	if through.Load() != 1 {
		t.Fatalf("%d callers went to see", through.Load())
	}
	fail(t, g, call, 1, 0)
	if out := turn(t, g, call); out.Refusal != consent.ProviderDown {
		t.Errorf("it is still down, and %+v", out)
	}
	call.At = call.At.Add(30 * time.Second)
	if out := turn(t, g, call); out.Refusal != "" || !out.Troubled {
		t.Errorf("a second look: %+v", out)
	}
	if err := g.CallAnswered(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	if out := turn(t, g, call); out.Refusal != "" || out.Troubled {
		t.Errorf("it is back: %+v", out)
	}
}

func gatePause(t *testing.T, g consent.ProviderGate) {
	call := gateCall(NewClock().Now(), "21990012300015")
	fail(t, g, call, 3, 2*time.Minute)
	if out := turn(t, g, call); out.Wait != 2*time.Minute {
		t.Errorf("asked for two minutes: %+v", out)
	}
	fail(t, g, call, 1, 24*time.Hour)
	if out := turn(t, g, call); out.Wait != 5*time.Minute {
		t.Errorf("asked for a day: %+v", out)
	}
}
