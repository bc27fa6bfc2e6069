package guard

import (
	"testing"
	"time"
)

func TestAProofIsUsedOnceAndForgottenWhenItIsNoGoodAnyMore(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	o := &once{until: map[string]time.Time{}, now: func() time.Time { return now }}
	for i, want := range []bool{true, false} {
		if fresh, err := o.use(t.Context(), "a", now.Add(time.Minute)); err != nil || fresh != want {
			t.Errorf("use %d: %v, %v", i+1, fresh, err)
		}
	}
	for i := len(o.until); i < remembered; i++ {
		o.until[time.Duration(i).String()] = now.Add(time.Minute)
	}
	if _, err := o.use(t.Context(), "b", now.Add(time.Minute)); err == nil {
		t.Error("there is always room")
	}
	now = now.Add(time.Minute)
	if fresh, err := o.use(t.Context(), "b", now.Add(time.Minute)); err != nil || !fresh || len(o.until) != 1 {
		t.Errorf("a minute later: %v, %v, %d kept", fresh, err, len(o.until))
	}
}
