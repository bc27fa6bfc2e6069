package consent_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// fund is a provider that is looked at.
type fund struct {
	mu     sync.Mutex
	value  string
	fault  error
	asked  int
	before func() // happens while the fund is asked
}

func (f *fund) turn(context.Context, consent.DataSet, consent.SIRET) (consent.WatchAsk, func(), error) {
	return f.ask, func() {}, nil
}

func (f *fund) ask(_ context.Context, q consent.Question) (consent.ProviderAnswer, error) {
	month := q.Period
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.before != nil {
		f.before()
	}
	if f.fault != nil {
		return consent.ProviderAnswer{}, f.fault
	}
	raw := fmt.Sprintf(`{"valeur":%s,"annee":%d,"mois":%d,"annee_calcul":%d}`, f.value, month.Year, month.Month, month.Year)
	return consent.ProviderAnswer{Data: map[string]json.RawMessage{"quotient_familial": json.RawMessage(raw)}, Period: month, RequestID: "upstream"}, nil
}

// watching is a world with one consent that is looked at, and its fund.
func watching(t *testing.T) (*consenttest.World, *fund, consent.Grant) {
	t.Helper()
	m := consenttest.NewMemory()
	w := consenttest.WatchingHall(t, m)
	w.Memory = m
	g, _ := w.Granted(t, w.PushWatched())
	return w, &fund{value: "150"}, g
}

func look(t *testing.T, w *consenttest.World, f *fund) consent.WatchReport {
	t.Helper()
	report, err := w.Service.LookForChanges(t.Context(), f.turn, w.Clock.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// changes are the events of the kind, told so far.
func changes(w *consenttest.World) []consent.Event {
	return slices.DeleteFunc(w.Memory.Events(), func(e consent.Event) bool { return e.Type != consent.EventChanged })
}

// The first look is what the next is compared with; a change is told once, without a
// value, and every look is on record.
func TestAChangeIsToldOnceAMonth(t *testing.T) {
	w, f, g := watching(t)
	for _, step := range []struct {
		at      time.Time
		value   string
		want    consent.WatchReport
		changes int
	}{
		{consenttest.Start, "150", consent.WatchReport{Looked: 1}, 0},
		{consenttest.Start.Add(time.Hour), "160", consent.WatchReport{}, 0}, // the month is done
		{time.Date(2026, time.December, 10, 2, 0, 0, 0, time.UTC), "150", consent.WatchReport{Looked: 1}, 0},
		{time.Date(2027, time.January, 12, 2, 0, 0, 0, time.UTC), "160", consent.WatchReport{Looked: 1, Changed: 1}, 1},
		{time.Date(2027, time.January, 13, 2, 0, 0, 0, time.UTC), "170", consent.WatchReport{}, 1},
		{time.Date(2027, time.February, 9, 2, 0, 0, 0, time.UTC), "null", consent.WatchReport{Looked: 1, Changed: 1}, 2},
	} {
		w.Clock.Set(step.at)
		f.value = step.value
		step.want.Month = consent.PeriodOf(step.at)
		if got := look(t, w, f); got != step.want || len(changes(w)) != step.changes {
			t.Errorf("at %s: %+v and %d changes, want %+v and %d", step.at, got, len(changes(w)), step.want, step.changes)
		}
	}
	told := changes(w)[0]
	want := consent.Event{
		At: time.Date(2027, time.January, 12, 2, 0, 0, 0, time.UTC), Type: consent.EventChanged, ClientID: g.ClientID, Subject: g.Subject, Sub: g.Sub, GrantID: g.ID,
		Recipient: g.Details.Recipient, DataSet: "quotient_familial", Month: consent.Period{Year: 2027, Month: time.January},
	}
	if told != want {
		t.Errorf("told %+v", told)
	}
	list, err := w.Store.Accesses(t.Context(), g.Subject, g.ID, consent.Access{}, 9)
	if err != nil || len(list) != 4 || f.asked != 4 {
		t.Fatalf("%d accesses, asked %d times, %v", len(list), f.asked, err)
	}
	for _, a := range list {
		if a.Way != consent.ToCompare || a.Outcome != consent.Compared || a.TokenID != "" || !slices.Equal(a.Groups, []consent.DataGroup{consent.GroupQuotientFamilial}) {
			t.Errorf("recorded as %+v", a)
		}
	}
}

// A month that is not published yet is no change, and is looked at when it is; other
// trouble waits for another night, and what has no value waits for another month.
func TestALookThatMeetsTrouble(t *testing.T) {
	fault := func(outcome consent.Outcome, code string) error {
		return &consent.ProviderFault{Outcome: outcome, Code: code}
	}
	first := time.Date(2026, time.December, 1, 2, 0, 0, 0, time.UTC)
	for what, c := range map[string]struct {
		fault error
		want  consent.WatchReport
		again time.Time // the first instant it is looked at again
	}{
		"not published":  {fault(consent.NoFile, "23003"), consent.WatchReport{Early: 1}, consent.Date{Year: 2026, Month: time.December, Day: 7}.Start()},
		"no file":        {fault(consent.NoFile, "10003"), consent.WatchReport{NoValue: 1}, time.Date(2026, time.December, 31, 23, 0, 0, 0, time.UTC)},
		"not identified": {fault(consent.NotIdentified, "35560"), consent.WatchReport{NoValue: 1}, time.Date(2026, time.December, 31, 23, 0, 0, 0, time.UTC)},
		"busy":           {fault(consent.Busy, "00429"), consent.WatchReport{Troubled: 1}, first.Add(20 * time.Hour)},
		"late":           {fault(consent.TimedOut, "35002"), consent.WatchReport{Troubled: 1}, first.Add(20 * time.Hour)},
	} {
		w, f, _ := watching(t)
		look(t, w, f)
		w.Clock.Set(first)
		f.fault, f.value, c.want.Month = c.fault, "160", consent.PeriodOf(first)
		if got := look(t, w, f); got != c.want || len(changes(w)) != 0 {
			t.Errorf("%s: %+v, %d changes", what, got, len(changes(w)))
		}
		f.fault = nil
		w.Clock.Set(c.again.Add(-time.Second))
		if look(t, w, f); len(changes(w)) != 0 {
			t.Errorf("%s: looked at again too early", what)
		}
		w.Clock.Set(c.again)
		if look(t, w, f); len(changes(w)) != 1 {
			t.Errorf("%s: not looked at again", what)
		}
	}
}

// Nothing is looked at, or recorded, under a consent that allows no look.
func TestNoLookWithoutALiveConsent(t *testing.T) {
	for what, end := range map[string]func(*consenttest.World, consent.Grant) error{
		"withdrawn": func(w *consenttest.World, g consent.Grant) error {
			_, err := w.Service.Withdraw(context.Background(), g.Subject, g.ID, consent.Unsaid)
			return err
		},
		"paused": func(w *consenttest.World, g consent.Grant) error {
			return w.Service.Pause(context.Background(), g.Subject, g.ID)
		},
		"expired": func(w *consenttest.World, g consent.Grant) error { w.Clock.Set(g.ExpiresAt); return nil },
		"no longer registered for it": func(w *consenttest.World, _ consent.Grant) error {
			w.Client.Watch = false
			return w.Memory.PutClient(context.Background(), w.Client)
		},
		"to the data of another provider": func(w *consenttest.World, _ consent.Grant) error {
			elsewhere := func(consent.DataSet) string { return "https://data.example/elsewhere" }
			w.Service = consent.NewService(w.Memory, consent.Limits{}, elsewhere, w.Clock.Now)
			return nil
		},
		"suspended": func(w *consenttest.World, _ consent.Grant) error {
			w.Client.Suspended = true
			return w.Memory.PutClient(context.Background(), w.Client)
		},
		"reduced": func(w *consenttest.World, g consent.Grant) error {
			_, err := w.Service.Reduce(context.Background(), consent.Reduction{
				GrantID: g.ID, Subject: g.Subject, Groups: []consent.DataGroup{consent.GroupEnfants}, Statement: consenttest.Statement(), ACR: "eidas1", AuthTime: consenttest.Start,
			})
			return err
		},
	} {
		w, f, g := watching(t)
		if err := end(w, g); err != nil {
			t.Fatal(what, err)
		}
		look(t, w, f)
		if list, err := w.Store.Accesses(t.Context(), g.Subject, g.ID, consent.Access{}, 9); err != nil || len(list) > 0 || f.asked > 0 {
			t.Errorf("%s: asked %d times, %d accesses, %v", what, f.asked, len(list), err)
		}
	}
}

// A consent that ends while the fund is asked is compared with nothing.
func TestAWithdrawalDuringALook(t *testing.T) {
	w, f, g := watching(t)
	look(t, w, f)
	w.Clock.Set(time.Date(2026, time.December, 10, 2, 0, 0, 0, time.UTC))
	f.value, f.before = "160", func() {
		if _, err := w.Service.Withdraw(context.Background(), g.Subject, g.ID, consent.Unsaid); err != nil {
			t.Error(err)
		}
	}
	look(t, w, f)
	list, err := w.Store.Accesses(t.Context(), g.Subject, g.ID, consent.Access{}, 1)
	if err != nil || len(changes(w)) != 0 || list[0].Outcome != consent.Refused {
		t.Errorf("%+v, %d changes, %v", list, len(changes(w)), err)
	}
}

// Instances that look at the same time ask once for each consent.
func TestTwoInstancesLookOnce(t *testing.T) {
	w, f, _ := watching(t)
	for i := range 20 {
		who := consenttest.Angela()
		who.Subject = fmt.Sprint("citizen-", i)
		w.Viewer.Subject = w.SignIn(t, who)
		w.Granted(t, w.PushWatched())
	}
	var instances sync.WaitGroup
	for range 3 {
		instances.Go(func() {
			if _, err := w.Service.LookForChanges(context.Background(), f.turn, w.Clock.Now().Add(time.Hour)); err != nil {
				t.Error(err)
			}
		})
	}
	instances.Wait()
	if f.asked != 21 {
		t.Errorf("asked %d times for 21 consents", f.asked)
	}
}

// A night ends, and the next goes on; a process that died in a look is made up for, and
// what it left open is closed once.
func TestALookIsRestartable(t *testing.T) {
	w, f, g := watching(t)
	if report, err := w.Service.LookForChanges(t.Context(), f.turn, w.Clock.Now()); err != nil || f.asked != 0 {
		t.Errorf("after the end of the night: %+v, %v", report, err)
	}
	f.before = func() { w.Memory.Fail(consent.Unavailable) }
	if _, err := w.Service.LookForChanges(t.Context(), f.turn, w.Clock.Now().Add(time.Hour)); err == nil {
		t.Error("a database that is away is no fault")
	}
	w.Memory.Fail(nil)
	f.before = nil
	w.Clock.Advance(3 * time.Minute)
	if n, err := w.Service.CloseAbandoned(t.Context()); err != nil || n != 1 {
		t.Errorf("%d closed, %v", n, err)
	}
	if report := look(t, w, f); report.Looked != 0 {
		t.Errorf("another's look was taken: %+v", report)
	}
	w.Clock.Advance(10 * time.Minute)
	if report := look(t, w, f); report.Looked != 1 {
		t.Errorf("it was not made up for: %+v", report)
	}
	list, err := w.Store.Accesses(t.Context(), g.Subject, g.ID, consent.Access{}, 9)
	if err != nil || len(list) != 2 || list[0].Outcome != consent.Compared || list[1].Outcome != consent.Failed {
		t.Errorf("%+v, %v", list, err)
	}
}

// An answer about another month, or without the value, is no value.
func TestAnOddAnswerIsNoChange(t *testing.T) {
	for what, answer := range map[string]consent.ProviderAnswer{
		"another month":     {Data: map[string]json.RawMessage{"quotient_familial": []byte(`{"valeur":1}`)}, Period: consent.Period{Year: 2026, Month: 11}},
		"without the value": {Data: map[string]json.RawMessage{"quotient_familial": []byte(`{}`)}, Period: consent.Period{Year: 2026, Month: 12}},
		"without the group": {Data: map[string]json.RawMessage{}, Period: consent.Period{Year: 2026, Month: 12}},
	} {
		w, f, _ := watching(t)
		look(t, w, f)
		w.Clock.Set(time.Date(2026, time.December, 10, 2, 0, 0, 0, time.UTC))
		turn := func(context.Context, consent.DataSet, consent.SIRET) (consent.WatchAsk, func(), error) {
			return func(context.Context, consent.Question) (consent.ProviderAnswer, error) {
				return answer, nil
			}, func() {}, nil
		}
		report, err := w.Service.LookForChanges(t.Context(), turn, w.Clock.Now().Add(time.Hour))
		if err != nil || report.Troubled != 1 || len(changes(w)) != 0 {
			t.Errorf("%s: %+v, %v", what, report, err)
		}
	}
}

// Who may be told of changes, and of what.
func TestAWishToBeToldOfChanges(t *testing.T) {
	w := consenttest.NewWorld(t)
	for what, c := range map[string]struct {
		change func(*consent.Push)
		field  string
	}{
		"registered":       {func(*consent.Push) {}, ""},
		"not registered":   {func(p *consent.Push) { p.Client.Watch = false }, "watch"},
		"of one release":   {func(p *consent.Push) { p.Details.Access = consent.Once }, "watch"},
		"of other data":    {func(p *consent.Push) { p.Details.Groups = []consent.DataGroup{consent.GroupEnfants} }, "watch"},
		"elsewhere":        {func(p *consent.Push) { p.Details.Locations = []string{consenttest.Provider().Provider.Location} }, "watch"},
		"without the wish": {func(p *consent.Push) { p.Client.Watch, p.Details.Watch = false, false }, ""},
	} {
		push := w.PushWatched()
		c.change(&push)
		_, _, err := w.Service.PushRequest(t.Context(), push)
		if (err == nil) != (c.field == "") || consent.FieldOf(err) != c.field {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// One answer that nobody thought of ends neither the portal nor the night.
func TestAPanicIsTroubleOfOneLook(t *testing.T) {
	w, f, g := watching(t)
	f.before = func() { panic("an odd answer") }
	if r := look(t, w, f); r.Troubled != 1 || r.Looked != 0 {
		t.Errorf("%+v", r)
	}
	f.before = nil
	w.Clock.Advance(24 * time.Hour)
	if _, err := w.Service.CloseAbandoned(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := look(t, w, f); r.Looked != 1 {
		t.Errorf("the next night: %+v", r)
	}
	list, err := w.Store.Accesses(t.Context(), g.Subject, g.ID, consent.Access{}, 9)
	if err != nil || len(list) != 2 || slices.ContainsFunc(list, func(a consent.Access) bool { return a.Outcome == consent.Open }) {
		t.Errorf("recorded %+v, %v", list, err)
	}
}
