package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// PushWatched is Push with the wish to be told of changes.
func (w *World) PushWatched() consent.Push {
	p := w.Push()
	p.Client.Watch, p.Details.Watch = true, true
	return p
}

// WatchingHall is a world whose town hall may ask to be told of changes.
func WatchingHall(t testing.TB, s StoreWithClients) *World {
	t.Helper()
	w := NewWorldOn(t, s)
	w.Client.Watch = true
	must(t, s.PutClient(t.Context(), w.Client))
	return w
}

var (
	november = consent.Period{Year: 2026, Month: time.November}
	december = consent.Period{Year: 2026, Month: time.December}
)

// looker looks at one consent as rounds do, step by step.
type looker struct {
	t *testing.T
	s StoreWithClients
	g consent.Grant
}

func newLooker(t *testing.T, s StoreWithClients) (*World, looker) {
	t.Helper()
	w := WatchingHall(t, s)
	g, _ := w.Granted(t, w.PushWatched())
	if !g.Details.Watch {
		t.Fatal("the wish was lost")
	}
	return w, looker{t, s, g}
}

func (l looker) due(want bool, month consent.Period, at time.Time) {
	l.t.Helper()
	list, err := l.s.DueWatches(background, consent.WatchQuery{Month: month, At: at, Limit: 9})
	must(l.t, err)
	if got := len(list) == 1 && list[0].ID == l.g.ID; got != want || len(list) > 1 {
		l.t.Errorf("due at %s: %d, want %v", at, len(list), want)
	}
}

func (l looker) claim(want bool, month consent.Period, at time.Time) {
	l.t.Helper()
	inTx(l.t, l.s, func(tx consent.Tx) error {
		mine, err := tx.ClaimWatch(background, consent.WatchClaim{Grant: l.g, Month: month, At: at, Until: at.Add(time.Minute)})
		if err == nil && mine != want {
			l.t.Errorf("claimed at %s: %v", at, mine)
		}
		return err
	})
}

// settle ends a look with a value, or without one until another instant.
func (l looker) settle(want bool, month consent.Period, value string, again time.Time) {
	l.t.Helper()
	inTx(l.t, l.s, func(tx consent.Tx) error {
		found := consent.WatchSettled{Grant: l.g, Month: month, Again: again}
		if value != "" {
			found.Value = &value
		}
		changed, err := tx.SettleWatch(background, found)
		if err == nil && changed != want {
			l.t.Errorf("%s of %s is a change: %v", value, month, changed)
		}
		return err
	})
}

// watches looks at one consent over months; another that allows no look is never due.
func watches(t *testing.T, s StoreWithClients) {
	w, l := newLooker(t, s)
	w.Granted(t, w.PushFor(Delegated()[0]))
	l.due(true, november, Start)
	l.claim(true, november, Start)
	l.due(false, november, Start)
	l.claim(false, november, Start)
	l.due(true, november, Start.Add(2*time.Minute)) // whoever took it is gone
	l.claim(true, november, Start.Add(2*time.Minute))
	l.settle(false, november, "150", time.Time{})
	l.due(false, november, Start.Add(time.Hour))
	l.claim(false, november, Start.Add(time.Hour))

	next := Start.AddDate(0, 0, 10)
	l.due(true, december, next)
	l.claim(true, december, next)
	l.claim(false, november, next) // a month that is past
	l.settle(false, december, "", next.Add(time.Hour))
	l.due(false, december, next.Add(time.Minute))
	l.due(true, december, next.Add(time.Hour))
	l.claim(true, december, next.Add(time.Hour))
	l.settle(true, december, "151", time.Time{})
}

// watchesOn compares with the last value there was, however long ago.
func watchesOn(t *testing.T, s StoreWithClients) {
	_, l := newLooker(t, s)
	month := november
	for _, step := range []struct {
		value string
		want  bool
	}{{"151", false}, {"151", false}, {"", false}, {"152", true}, {"", false}, {"152", false}} {
		l.claim(true, month, month.Start())
		l.settle(step.want, month, step.value, time.Time{})
		month = month.AddMonths(1)
	}
}

// watchTries gives a month up after a few tries.
func watchTries(t *testing.T, s StoreWithClients) {
	w := WatchingHall(t, s)
	g, _ := w.Granted(t, w.PushWatched())
	made := 0
	for try := range 2 * consent.WatchTries {
		at := Start.Add(time.Duration(try) * time.Hour)
		inTx(t, s, func(tx consent.Tx) error {
			mine, err := tx.ClaimWatch(background, consent.WatchClaim{Grant: g, Month: november, At: at, Until: at.Add(time.Minute)})
			if mine {
				made++
			}
			return err
		})
	}
	if list, err := s.DueWatches(background, consent.WatchQuery{Month: november, At: Start.AddDate(0, 0, 5), Limit: 9}); err != nil || len(list) > 0 || made != consent.WatchTries {
		t.Errorf("%d tries, %d due, %v", made, len(list), err)
	}
}

// watchEnds forgets what was kept under a consent that is over, and keeps it for one
// that is paused.
func watchEnds(t *testing.T, s StoreWithClients) {
	w := WatchingHall(t, s)
	g, _ := w.Granted(t, w.PushWatched())
	settled := func(month consent.Period, value string) (changed bool) {
		inTx(t, s, func(tx consent.Tx) (err error) {
			if _, err = tx.ClaimWatch(background, consent.WatchClaim{Grant: g, Month: month, At: month.Start(), Until: month.Start()}); err != nil {
				return err
			}
			changed, err = tx.SettleWatch(background, consent.WatchSettled{Grant: g, Month: month, Value: &value})
			return err
		})
		return changed
	}
	forget := func() { inTx(t, s, func(tx consent.Tx) error { return tx.ForgetWatches(background, Start) }) }
	settled(november, "150")
	must(t, w.Service.Pause(background, w.Viewer.Subject, g.ID))
	if list, err := s.DueWatches(background, consent.WatchQuery{Month: december, At: Start, Limit: 9}); err != nil || len(list) > 0 {
		t.Errorf("%d are due while it is paused, %v", len(list), err)
	}
	forget()
	if !settled(december, "151") {
		t.Error("a pause forgot the value")
	}
	_, err := w.Service.Withdraw(background, w.Viewer.Subject, g.ID, consent.Unsaid)
	must(t, err)
	forget()
	if settled(december.AddMonths(1), "152") {
		t.Error("a value was kept after the end")
	}
}
