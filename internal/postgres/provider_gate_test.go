package postgres_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
)

func TestPostgreSQLIsAGateForAllInstances(t *testing.T) {
	consenttest.GateSuite(t, func(t *testing.T) consent.ProviderGate { return pgtest.New(t) })
}

// Two instances are two pools on one database: together they get what one would.
func TestInstancesShareBudgetsAndCircuits(t *testing.T) {
	url := pgtest.URL(t)
	instances := []consent.ProviderGate{pgtest.Open(t, url), pgtest.Open(t, url)}
	call := consent.ProviderCall{Habilitation: "h", DataSet: "quotient_familial", Recipient: "21990013100018", At: consenttest.Start, Limits: consent.ProviderLimits{
		Rate: 15, Share: 5, Failures: 2, CoolDown: time.Minute, Probe: time.Minute,
	}}
	var callers sync.WaitGroup
	var admitted atomic.Int64
	for i := range 30 {
		callers.Go(func() {
			mine := call
			mine.Recipient = consent.SIRET(fmt.Sprintf("2199001230%04d", i))
			turn, err := instances[i%2].AdmitCall(t.Context(), mine)
			if err != nil {
				t.Error(err)
			} else if turn.Refusal == "" {
				admitted.Add(1)
			}
		})
	}
	callers.Wait()
	if admitted.Load() != 5 {
		t.Errorf("%d calls at once, of a burst of 5", admitted.Load())
	}
	for _, instance := range instances {
		if err := instance.CallFailed(t.Context(), call, 0); err != nil {
			t.Fatal(err)
		}
	}
	for i, instance := range instances {
		if turn, err := instance.AdmitCall(t.Context(), call); err != nil || turn.Refusal != consent.ProviderDown {
			t.Errorf("instance %d: %+v, %v", i, turn, err)
		}
	}
}
