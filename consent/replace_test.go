package consent_test

import (
	"slices"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func larger(w *consenttest.World) consent.Push {
	p := w.Push()
	p.Details.Groups = consent.QuotientFamilial.Groups
	return p
}

func TestALargerRequestTellsWhatIsNew(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Granted(t, w.Push())
	r := w.Identified(t, larger(w))
	held, err := w.Service.Held(t.Context(), r)
	if want := []consent.DataGroup{consent.GroupQuotientFamilial, consent.GroupEnfants}; err != nil || r.Status != consent.RequestIdentified || !slices.Equal(held.Groups, want) {
		t.Errorf("held %v, %v", held, err)
	}
	fresh := larger(w)
	fresh.ForcePrompt = true
	if held, err := w.Service.Held(t.Context(), w.Identified(t, fresh)); err != nil || len(held.Groups) != 0 {
		t.Errorf("prompt=consent: held %v, %v", held, err)
	}
	other := w.PushTo(consenttest.Provider())
	if held, err := w.Service.Held(t.Context(), w.Identified(t, other)); err != nil || len(held.Groups) != 0 {
		t.Errorf("for another provider: held %v, %v", held, err)
	}
}

func TestALargerConsentReplacesTheSmallerOneOnceItsClientHoldsIt(t *testing.T) {
	w := consenttest.NewWorld(t)
	small := w.Issued(t, w.Push())
	_, r := w.Granted(t, larger(w))
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(small)); err != nil {
		t.Errorf("before the larger one is collected: %v", err)
	}
	large, err := w.Service.RedeemCode(t.Context(), w.Redemption(w.Code(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(small))
	refused(t, "the smaller one", err, consent.GrantReplaced)
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(large)); err != nil {
		t.Errorf("the larger one: %v", err)
	}
	if !slices.Contains(kinds(w.Memory.Ledger()), consent.EntryReplaced) {
		t.Error("no evidence of the replacement")
	}
	smaller := w.Push()
	smaller.Details.Groups = consent.QuotientFamilial.Groups[:1]
	w.Issued(t, smaller)
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(large)); err != nil {
		t.Errorf("after a smaller one was given beside it: %v", err)
	}
}

// Who refuses the monthly look now has it nowhere: what was given with it before ends too.
func TestARefusedLookEndsTheOneThatWasGiven(t *testing.T) {
	w := consenttest.WatchingHall(t, consenttest.NewMemory())
	first := w.Issued(t, w.PushWatched())
	wider := w.PushWatched()
	wider.Details.Groups = consent.QuotientFamilial.Groups
	r := w.Identified(t, wider)
	if held, err := w.Service.Held(t.Context(), r); err != nil || held.Unwatched {
		t.Errorf("held without the look: %+v, %v", held, err)
	}
	answer := w.Allow(r)
	answer.Unwatched = true
	answered, err := w.Service.Decide(t.Context(), answer)
	if err != nil {
		t.Fatal(err)
	}
	g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, answered.GrantID)
	if err != nil || g.Details.Watch {
		t.Errorf("agreed to %+v, %v", g.Details, err)
	}
	if _, err := w.Service.RedeemCode(t.Context(), w.Redemption(w.Code(t, answered))); err != nil {
		t.Fatal(err)
	}
	former, err := w.Store.Grant(t.Context(), w.Viewer.Subject, first.Grant.ID)
	if err != nil || former.Status != consent.GrantMerged {
		t.Errorf("the former is %s, %v", former.Status, err)
	}
	if held, err := w.Service.Held(t.Context(), w.Identified(t, wider)); err != nil || !held.Unwatched {
		t.Errorf("asked again: %+v, %v", held, err)
	}
}
