package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

func grantHistory(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.Push())
	version := Statement().Version
	want := []consent.GrantFact{{At: Start, Kind: consent.EntryGrant, Version: version, Text: Statement().Hash(), DecisionID: newestDecision(t, s, g)}}
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
		fact := consent.GrantFact{At: w.Clock.Now(), Kind: step.kind, Version: step.version}
		if step.version != 0 {
			fact.DecisionID, fact.Text = newestDecision(t, s, g), Statement().Hash()
		}
		want = append(want, fact)
	}
	got, err := s.GrantHistory(background, g)
	must(t, err)
	same(t, got, want)
	other, _ := w.Granted(t, w.PushOnce())
	got, err = s.GrantHistory(background, other)
	must(t, err)
	same(t, got, []consent.GrantFact{{At: w.Clock.Now(), Kind: consent.EntryGrant, Version: version, Text: Statement().Hash(), DecisionID: newestDecision(t, s, other)}})
}

func newestDecision(t *testing.T, s consent.Store, g consent.Grant) string {
	t.Helper()
	list, err := s.Decisions(background, g.Subject, consent.Decision{}, 1)
	must(t, err)
	if len(list) != 1 || list[0].RequestID != g.RequestID {
		t.Fatalf("decisions %+v", list)
	}
	return list[0].ID
}
