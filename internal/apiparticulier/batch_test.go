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

// A batch waits for its calls at the pace of all batches, and whoever waits for an
// answer is never told to wait because of it.
func TestABatchIsPacedAndLeavesCallsToTheOthers(t *testing.T) {
	w := newWorld(t)
	batch, start := w.Batch(), w.clock.Now()
	for range 21 {
		turn, err := batch.Turn(t.Context(), consent.QuotientFamilial, recipient)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := turn.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: recipient, Period: november}); err != nil {
			t.Fatal(err)
		}
		turn.Done()
		if _, err := w.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: "21990013100018", Period: november}); err != nil {
			var fault *consent.ProviderFault
			if !errors.As(err, &fault) || fault.Refusal == "" {
				t.Fatal(err)
			}
			if w.clock.Now().Sub(start) < time.Second {
				continue // the recipient's own share of five a second
			}
			w.clock.Advance(fault.RetryAfter)
		}
	}
	if took := w.clock.Now().Sub(start); took < 2800*time.Millisecond || took > 5*time.Second {
		t.Errorf("21 calls took %s at 7 a second", took)
	}
}

// A turn that was taken asks the gate no second time, and one whose call is made again
// does.
func TestATurnIsForOneCall(t *testing.T) {
	w := newWorld(t)
	turn, err := w.Batch().Turn(t.Context(), consent.QuotientFamilial, recipient)
	if err != nil {
		t.Fatal(err)
	}
	w.gate.Fail(errors.New("the gate was asked again"))
	if _, err := turn.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: recipient, Period: november}); err != nil {
		t.Error(err)
	}
	w.gate.Fail(nil)
	turn.Done()
	if turn, err = w.Batch().Turn(t.Context(), consent.QuotientFamilial, recipient); err != nil {
		t.Fatal(err)
	}
	w.stub.Misbehave(stub.Mischief{Status: 409, Code: "00429"})
	w.gate.Fail(consent.Unavailable)
	if _, err := turn.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: recipient, Period: november}); err == nil {
		t.Error("it was made again without asking")
	}
}

// Places are few, given back, and waited for no longer than the caller does.
func TestABatchHasFewPlaces(t *testing.T) {
	w := newWorld(t)
	cfg := w.config(w.base, habilitation)
	cfg.Slots.Batch = 2
	batch := apiparticulier.New(cfg).Batch()
	var turns []*apiparticulier.Turn
	for range 2 {
		turn, err := batch.Turn(t.Context(), consent.QuotientFamilial, recipient)
		if err != nil {
			t.Fatal(err)
		}
		turns = append(turns, turn)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := batch.Turn(gone, consent.QuotientFamilial, recipient); !errors.Is(err, context.Canceled) {
		t.Errorf("a third place: %v", err)
	}
	var third sync.WaitGroup
	third.Go(func() {
		turn, err := batch.Turn(t.Context(), consent.QuotientFamilial, recipient)
		if err != nil {
			t.Error(err)
			return
		}
		turn.Done()
	})
	turns[0].Done()
	third.Wait()
	turns[1].Done()
}

// A batch that meets an open circuit gives up in time, with what the provider said, and
// keeps no place.
func TestABatchGivesUpWhenTheProviderIsDown(t *testing.T) {
	w := newWorld(t)
	cfg := w.config(w.base, habilitation)
	cfg.Slots.Batch, cfg.Limits.Failures, cfg.Limits.CoolDown = 1, 1, time.Hour
	client := apiparticulier.New(cfg)
	batch := client.Batch()
	w.stub.Misbehave(stub.Mischief{Status: 503, Code: "35020"})
	if _, err := client.Ask(t.Context(), consent.Question{DataSet: consent.QuotientFamilial, Who: jeanne(), Recipient: recipient, Period: november}); err == nil {
		t.Fatal("the provider was to fail")
	}
	for range 2 {
		var fault *consent.ProviderFault
		if _, err := batch.Turn(t.Context(), consent.QuotientFamilial, recipient); !errors.As(err, &fault) || fault.Refusal != consent.ProviderDown {
			t.Errorf("%v", err)
		}
	}
}
