package events_test

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"portail.example/internal/events"
	"portail.example/internal/postgres/pgtest"
)

// A deliverer that loses the database at any step of a delivery loses no event:
// each arrives at least once, under one number, and those of a consent in order.
func TestADelivererThatDiesAtAnyStepLosesNoEvent(t *testing.T) {
	w := newWorld(t, true)
	proxy, through := pgtest.NewProxy(t, w.url)
	steps := 0
	for died := true; died && steps < 50; steps++ {
		db := pgtest.Open(t, through)
		doomed := events.New(events.Config{
			Outbox: db, Signer: w.key, Issuer: "https://portal.example", Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: w.Clock.Now, AllowPrivate: true,
		})
		w.received, w.jtis = nil, nil
		w.withdrawn()
		proxy.Arm(steps+1, func() {})
		for range 3 {
			_, _ = doomed.Round(context.Background())
			doomed.Wait()
		}
		died = proxy.Disarm()
		for range 8 { // another instance takes over when the lease ends, or a pause does
			w.Clock.Advance(2 * time.Minute)
			w.all()
		}
		if got := slices.Compact(slices.Clone(w.received)); !slices.Equal(got, []string{"consent.granted", "consent.withdrawn"}) {
			t.Errorf("step %d: received %v", steps+1, w.received)
		}
		if numbers := slices.Compact(slices.Clone(w.jtis)); len(numbers) != 2 {
			t.Errorf("step %d: numbers %v", steps+1, w.jtis)
		}
		if open, err := w.db.OpenEvents(t.Context(), w.Client.ID, 10); err != nil || len(open) != 0 {
			t.Errorf("step %d: %d not settled, %v", steps+1, len(open), err)
		}
	}
	if steps < 4 || steps == 50 {
		t.Errorf("%d steps", steps)
	}
}
