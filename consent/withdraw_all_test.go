package consent_test

import (
	"errors"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func withdrawals(w *consenttest.World) (entries, events int) {
	for _, e := range w.Memory.Ledger() {
		if e.Kind == consent.EntryWithdrawn {
			entries++
		}
	}
	for _, e := range w.Memory.Events() {
		if e.Type == consent.EventWithdrawn {
			events++
		}
	}
	return entries, events
}

func TestEverythingIsWithdrawnAtOnceFromOneAdministrationOrFromAll(t *testing.T) {
	w := consenttest.NewWorld(t)
	canteen := w.Issued(t, w.Push())
	paused, _ := w.Granted(t, w.PushOnce())
	elsewhere := w.IssuedFor(t, w.PushFor(consenttest.Delegated()[0]))
	if err := w.Service.Pause(t.Context(), w.Viewer.Subject, paused.ID); err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		from consent.Party
		want int
	}{
		{consent.Party{ClientID: "unknown", Recipient: canteen.Grant.Details.Recipient}, 0},
		{canteen.Grant.Party(), 2}, {canteen.Grant.Party(), 0}, {consent.Party{}, 1}, {consent.Party{}, 0},
	} {
		before, err := w.Service.StandingGrants(t.Context(), w.Viewer.Subject, step.from, 1)
		if err != nil || before.Count != step.want || len(before.Grants) != min(step.want, 1) {
			t.Errorf("step %d announces %d, shows %d, %v", i, before.Count, len(before.Grants), err)
		}
		got, err := w.Service.WithdrawAll(t.Context(), w.Viewer.Subject, step.from, consent.Unsaid)
		if err != nil || len(got) != step.want {
			t.Errorf("step %d: %d withdrawn, %v", i, len(got), err)
		}
	}
	for _, issued := range []consent.Issuance{canteen, elsewhere} {
		_, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
		refused(t, "afterwards", err, consent.GrantWithdrawn)
	}
	if entries, events := withdrawals(w); entries != 3 || events != 3 {
		t.Errorf("%d entries, %d events", entries, events)
	}
}

func TestNobodyWithdrawsEverythingOfSomebodyElse(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	got, err := w.Service.WithdrawAll(t.Context(), w.SignIn(t, consenttest.Pierre()), consent.Party{}, consent.Unsaid)
	if err != nil || len(got) != 0 {
		t.Errorf("%d withdrawn, %v", len(got), err)
	}
	if stored, _ := w.Store.Grant(t.Context(), g.Subject, g.ID); stored.Status != consent.GrantActive {
		t.Errorf("it is %s", stored.Status)
	}
}

func TestAnOutageWithdrawsNothingAndSaysSo(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Granted(t, w.Push())
	w.Memory.Fail(errors.New("down"))
	if got, err := w.Service.WithdrawAll(t.Context(), w.Viewer.Subject, consent.Party{}, consent.Unsaid); err == nil || len(got) != 0 {
		t.Errorf("%d withdrawn, %v", len(got), err)
	}
}
