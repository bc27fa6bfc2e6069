package consent_test

import (
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func types(events []consent.Event) (out []consent.EventType) {
	for _, e := range events {
		out = append(out, e.Type)
	}
	return out
}

func TestTheEndOfAConsentIsToldBeforeAndWhenItComesOnce(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	announce := func(want int) {
		t.Helper()
		if n, err := w.Service.AnnounceEnds(t.Context()); err != nil || n != want {
			t.Errorf("told %d, %v; want %d", n, err, want)
		}
	}
	announce(0)
	w.Clock.Advance(g.ExpiresAt.Sub(w.Clock.Now()) - consent.ExpiryNotice)
	announce(1)
	announce(0)
	w.Clock.Advance(consent.ExpiryNotice)
	announce(1)
	announce(0)
	got := types(w.Memory.Events())
	if want := []consent.EventType{consent.EventGranted, consent.EventExpiring, consent.EventExpired}; len(got) != 3 || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("events %v, want %v", got, want)
	}
	view, err := w.Service.Grant(t.Context(), g.Subject, g.ID, "")
	want := []consent.EntryKind{consent.FactAsked, consent.EntryGrant, consent.EntryEnding, consent.FactExpired}
	if err != nil || !slices.Equal(story(view), want) || !view.History[2].At.Equal(g.ExpiresAt.Add(-consent.ExpiryNotice)) || !view.History[3].At.Equal(g.ExpiresAt) {
		t.Errorf("the citizen reads %+v, %v", view.History, err)
	}
	last := w.Memory.Events()[2]
	if last.GrantID != g.ID || last.Sub != g.Sub || last.Recipient != g.Details.Recipient {
		t.Errorf("the event says %+v", last)
	}
}

func TestConsentsThatEndedOtherwiseAreNotAnnounced(t *testing.T) {
	w := consenttest.NewWorld(t)
	withdrawn, _ := w.Granted(t, w.Push())
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, withdrawn.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	once := w.Push()
	once.Details.Access = consent.Once
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(w.Issued(t, once))); err != nil {
		t.Fatal(err)
	}
	short := w.Push()
	short.Details.EndsOn = consent.DateOf(w.Clock.Now().Add(7 * 24 * time.Hour))
	w.Granted(t, short)
	if n, err := w.Service.AnnounceEnds(t.Context()); err != nil || n != 0 {
		t.Errorf("told %d, %v", n, err)
	}
	w.Clock.Advance(consent.ExpiryNotice)
	if n, err := w.Service.AnnounceEnds(t.Context()); err != nil || n != 1 {
		t.Errorf("of the three, the short one expired: told %d, %v", n, err)
	}
}
