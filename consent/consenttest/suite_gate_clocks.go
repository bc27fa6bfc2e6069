package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// gateLate has calls that come with older instants than calls before them: what they used
// up is counted, and nothing else.
func gateLate(t *testing.T, g consent.ProviderGate) {
	late := NewClock().Now()
	if out := turn(t, g, gateCall(late.Add(10*time.Second), "21990012300015")); out.Refusal != "" {
		t.Error("the first is refused")
	}
	admitted := 0
	for range 10 {
		if turn(t, g, gateCall(late, "21990012300015")).Refusal == "" {
			admitted++
		}
	}
	if admitted != 4 {
		t.Errorf("%d late calls are let through beside the first, of five at once", admitted)
	}
}

// gateHoldLate has the provider ask one whose clock is behind to wait: everybody does, as
// long as it said.
func gateHoldLate(t *testing.T, g consent.ProviderGate) {
	late := NewClock().Now()
	ahead := late.Add(30 * time.Second)
	turn(t, g, gateCall(ahead, "21990012300015"))
	if err := g.HoldCalls(t.Context(), gateCall(late, "21990012300015"), late.Add(20*time.Second)); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]bool{time.Second: false, 19 * time.Second: false} {
		if out := turn(t, g, gateCall(ahead.Add(after), "21990012300015")); (out.Refusal == "") != want {
			t.Errorf("%s after: %q", after, out.Refusal)
		}
	}
	out := turn(t, g, gateCall(late.Add(time.Second), "21990013100018"))
	if out.Refusal == "" || out.Wait > 21*time.Second {
		t.Errorf("behind: %q for %s", out.Refusal, out.Wait)
	}
	if out := turn(t, g, gateCall(ahead.Add(21*time.Second), "21990012300015")); out.Refusal != "" {
		t.Errorf("and then: %q for %s", out.Refusal, out.Wait)
	}
}
