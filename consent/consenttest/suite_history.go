package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

func grantHistory(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.Push())
	other, _ := w.Granted(t, w.PushOnce())
	version := Statement().Version
	want := []consent.GrantFact{{At: Start, Kind: consent.EntryGrant, Version: version}}
	for _, step := range []struct {
		kind    consent.EntryKind
		version int
		do      func() error
	}{
		{consent.EntryPaused, 0, func() error { return w.Service.Pause(background, g.Subject, g.ID) }},
		{consent.EntryResumed, 0, func() error { return w.Service.Resume(background, g.Subject, g.ID) }},
		{consent.EntryReduced, version, func() error {
			_, err := w.Service.Reduce(background, consent.Reduction{GrantID: g.ID, Subject: g.Subject, Groups: g.Details.Groups[:1], Statement: Statement(), AuthTime: Start})
			return err
		}},
		{consent.EntryWithdrawn, 0, func() error { _, err := w.Service.Withdraw(background, g.Subject, g.ID, consent.Unsaid); return err }},
	} {
		w.Clock.Advance(time.Minute)
		must(t, step.do())
		want = append(want, consent.GrantFact{At: w.Clock.Now(), Kind: step.kind, Version: step.version})
	}
	got, err := s.GrantHistory(background, g)
	must(t, err)
	same(t, got, want)
	got, err = s.GrantHistory(background, other)
	must(t, err)
	same(t, got, want[:1])
}
