package consent_test

import (
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func story(v consent.GrantView) (out []consent.EntryKind) {
	for _, f := range v.History {
		out = append(out, f.Kind)
	}
	return out
}

func TestAConsentTellsAllThatBecameOfIt(t *testing.T) {
	w := consenttest.NewWorld(t)
	r := w.Identified(t, w.Push())
	w.Clock.Advance(time.Second)
	r, err := w.Service.Decide(t.Context(), w.Allow(r))
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Second)
	issued, err := w.Service.RedeemCode(t.Context(), w.Redemption(w.Code(t, r)))
	for range 3 {
		w.Clock.Advance(time.Minute)
		if err == nil {
			issued, err = w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken})
		}
	}
	renewed := w.Clock.Now()
	w.Clock.Advance(time.Minute)
	if err == nil {
		_, err = w.Service.Withdraw(t.Context(), w.Viewer.Subject, r.GrantID, consent.Unsaid)
	}
	if err != nil {
		t.Fatal(err)
	}
	view, err := w.Service.Grant(t.Context(), w.Viewer.Subject, r.GrantID, "")
	if err != nil || !slices.Equal(story(view), []consent.EntryKind{consent.FactAsked, consent.EntryGrant, consent.FactRenewed, consent.EntryWithdrawn}) {
		t.Fatalf("%v, %v", story(view), err)
	}
	if h := view.History; !h[0].At.Equal(r.CreatedAt) || h[2].Count != 3 || !h[2].At.Equal(renewed) || !h[3].At.Equal(w.Clock.Now()) {
		t.Errorf("%+v", h)
	}
}

// Whoever never asks us believes a token until it ends, and no longer.
func TestAStopHoldsEverywhereOnceTheLastTokenEnds(t *testing.T) {
	for what, stop := range map[string]func(*consenttest.World, consent.Grant) error{
		"pause": func(w *consenttest.World, g consent.Grant) error {
			return w.Service.Pause(t.Context(), g.Subject, g.ID)
		},
		"withdrawal": func(w *consenttest.World, g consent.Grant) error {
			_, err := w.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.Unsaid)
			return err
		},
	} {
		for after, want := range map[time.Duration]time.Duration{
			time.Minute: 6 * time.Minute, 5*time.Minute + 59*time.Second: 6 * time.Minute, time.Hour: time.Hour,
		} {
			w := consenttest.NewWorld(t)
			g := w.Issued(t, w.Push()).Grant
			w.Clock.Advance(after)
			if err := stop(w, g); err != nil {
				t.Fatal(err)
			}
			view, err := w.Service.Grant(t.Context(), g.Subject, g.ID, "")
			if got := view.QuietEverywhere().Sub(consenttest.Start); err != nil || got != want {
				t.Errorf("%s after %s: everywhere after %s, want %s: %v", what, after, got, want, err)
			}
		}
	}
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	w.Clock.Advance(time.Second)
	if err := w.Service.Pause(t.Context(), g.Subject, g.ID); err != nil {
		t.Fatal(err)
	}
	if view, err := w.Service.Grant(t.Context(), g.Subject, g.ID, ""); err != nil || !view.QuietEverywhere().Equal(w.Clock.Now()) {
		t.Errorf("without any token: %s, %v", view.QuietEverywhere(), err)
	}
}
