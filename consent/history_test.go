package consent_test

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestAHistoryIsReadPageByPage(t *testing.T) {
	w := consenttest.NewWorld(t)
	for range 35 { // a request and a consent each
		w.Granted(t, w.PushOnce())
		w.Clock.Advance(time.Second)
	}
	q := consent.HistoryQuery{Subject: w.Viewer.Subject}
	first := read(t, w, q)
	if len(first.Facts) != 30 || first.Previous != "" || len(first.Months) != 37 || len(first.Askers) != 1 || first.Clients[first.Askers[0]].LegalName == "" {
		t.Errorf("first page: %d facts, %d months, %v, before %q", len(first.Facts), len(first.Months), first.Askers, first.Previous)
	}
	second := follow(t, w, q, first.Next, false)
	third := follow(t, w, q, second.Next, false)
	if len(second.Facts) != 30 || len(third.Facts) != 10 || third.Next != "" || second.Months != nil {
		t.Errorf("%d, then %d facts, after %q", len(second.Facts), len(third.Facts), third.Next)
	}
	back := follow(t, w, q, follow(t, w, q, third.Previous, true).Previous, true)
	if diff := cmp.Diff(first.Facts, back.Facts); diff != "" || back.Previous != "" {
		t.Errorf("the way back ends elsewhere: %s", diff)
	}
	var told []consent.HistoryFact
	err := w.Service.EachInHistory(context.Background(), q, func(f consent.HistoryFact, who, _ consent.Client) error {
		told = append(told, f)
		if who.ID != f.Party.ClientID {
			t.Errorf("%v is told of %s", f, who.ID)
		}
		return nil
	})
	if want := append(append(first.Facts, second.Facts...), third.Facts...); err != nil || cmp.Diff(want, told) != "" {
		t.Errorf("%d of %d facts handed over: %v", len(told), len(want), err)
	}
}

func TestAHistoryHandedOverEndsWithTheFirstError(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Granted(t, w.Push())
	calls, full := 0, errors.New("disk full")
	err := w.Service.EachInHistory(context.Background(), consent.HistoryQuery{Subject: w.Viewer.Subject}, func(consent.HistoryFact, consent.Client, consent.Client) error {
		calls++
		return full
	})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%d calls, then %v", calls, err)
	}
}

func TestAHistoryGoesBackThirtySixMonths(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Granted(t, w.PushOnce())
	w.Clock.Advance(consenttest.Start.AddDate(0, 36, 0).Sub(consenttest.Start))
	q := consent.HistoryQuery{Subject: w.Viewer.Subject}
	if h := read(t, w, q); len(h.Facts) != 3 || h.Facts[0].Kind != consent.HistoryExpiry { // asked, allowed, ended
		t.Errorf("36 months later: %v", h.Facts)
	}
	w.Clock.Advance(24 * time.Hour)
	q.First = consent.Date{Year: 2020, Month: 1, Day: 1}
	if h := read(t, w, q); len(h.Facts) != 1 {
		t.Errorf("a day later: %v", h.Facts)
	}
}

func TestAHistoryIsThatOfTheDaysChosen(t *testing.T) {
	day := func(d int) consent.Date { return consent.Date{Year: 2026, Month: 11, Day: d} }
	w := consenttest.NewWorld(t) // on 24 November
	w.Granted(t, w.PushOnce())
	for name, c := range map[string]struct {
		first, last   consent.Date
		facts, months int
	}{
		"that day":      {day(24), day(24), 2, 1},
		"since":         {day(24), consent.Date{}, 2, 1},
		"until":         {consent.Date{}, day(24), 2, 37},
		"before":        {consent.Date{}, day(23), 0, 37},
		"after":         {day(25), consent.Date{}, 0, 0},
		"long ago":      {consent.Date{Year: 1, Month: 1, Day: 1}, consent.Date{Year: 2, Month: 1, Day: 1}, 0, 0},
		"far and wide":  {consent.Date{Year: 1, Month: 1, Day: 1}, consent.Date{Year: 9999, Month: 12, Day: 31}, 2, 37},
		"of two months": {consent.Date{Year: 2026, Month: 10, Day: 31}, day(24), 2, 2},
	} {
		h := read(t, w, consent.HistoryQuery{Subject: w.Viewer.Subject, First: c.first, Last: c.last})
		if len(h.Facts) != c.facts || len(h.Months) != c.months {
			t.Errorf("%s: %d facts, %d months", name, len(h.Facts), len(h.Months))
		}
	}
	_, err := w.Service.History(context.Background(), consent.HistoryQuery{Subject: w.Viewer.Subject, First: day(24), Last: day(23)})
	if !errors.Is(err, consent.InvalidEndDate) || consent.FieldOf(err) != "to" {
		t.Errorf("days out of order: %v", err)
	}
}

func TestAPlaceInAHistoryIsReadOrRefused(t *testing.T) {
	for source := consent.FromExpiries; source <= consent.FromRequests; source++ {
		want := consent.HistoryPlace{At: consenttest.Start, Source: source, Key: consent.EvidenceKey(42)}
		if got, err := consent.ParseHistoryPlace(want.String()); err != nil || got != want {
			t.Errorf("%v came back as %v, %v", want, got, err)
		}
	}
	raw := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for name, s := range map[string]string{
		"empty": "", "not base64": "a b", "nothing in it": raw("x"), "no such source": raw("1795510800000000.9.key"), "no key": raw("1795510800000000.1."),
		"far future": raw("99999999999999999.1.key"), "before time": raw("-1.1.key"), "key with a quote": raw("1795510800000000.1.'"),
		"evidence without a number": raw("1795510800000000.2.key"), "evidence beyond numbers": raw("1795510800000000.2.99999999999999999999"),
		"trailing line": raw("1795510800000000.1.key\n"),
	} {
		if p, err := consent.ParseHistoryPlace(s); !errors.Is(err, consent.InvalidRequest) {
			t.Errorf("%s was read as %v, %v", name, p, err)
		}
	}
}

func read(t *testing.T, w *consenttest.World, q consent.HistoryQuery) consent.History {
	t.Helper()
	h, err := w.Service.History(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func follow(t *testing.T, w *consenttest.World, q consent.HistoryQuery, place string, back bool) consent.History {
	t.Helper()
	var err error
	if q.From, err = consent.ParseHistoryPlace(place); err != nil {
		t.Fatal(err)
	}
	q.Back = back
	return read(t, w, q)
}
