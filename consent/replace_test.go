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
