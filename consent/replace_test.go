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

// Who refuses the monthly look now has it nowhere: what was given with it before ends too,
// whatever else they chose, and before the administration takes its answer.
func TestARefusedLookEndsTheOneThatWasGiven(t *testing.T) {
	for name, choose := range map[string]func(*consent.Answer){
		"all of it":    func(*consent.Answer) {},
		"fewer groups": func(a *consent.Answer) { a.Groups = a.Groups[:1] },
		"a nearer end": func(a *consent.Answer) { a.EndsOn = consent.DateOf(consenttest.Start).AddMonths(1) },
		"one release":  func(a *consent.Answer) { a.Once = true },
	} {
		t.Run(name, func(t *testing.T) {
			m := consenttest.NewMemory()
			w := consenttest.WatchingHall(t, m)
			first := w.Issued(t, w.PushWatched()).Grant
			wider := w.PushWatched()
			wider.Details.Groups = consent.QuotientFamilial.Groups
			answer := w.Allow(w.Identified(t, wider))
			answer.Unwatched = true
			choose(&answer)
			answered, err := w.Service.Decide(t.Context(), answer)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{first.ID, answered.GrantID} {
				if g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, id); err != nil || g.Details.Watch || g.Status != consent.GrantActive {
					t.Errorf("a look is left, or the consent ended: %+v, %v", g, err)
				}
			}
			if !slices.Contains(kinds(m.Ledger()), consent.EntryReduced) {
				t.Error("no evidence of the end of the look")
			}
		})
	}
}

// Another administration's look, and one for another purpose, go on.
func TestARefusedLookEndsNoOther(t *testing.T) {
	m := consenttest.NewMemory()
	w := consenttest.WatchingHall(t, m)
	w.Client.Retention = map[string]int{"tarification-cantine": 12, "tarification-activites-municipales": 12}
	if err := m.PutClient(t.Context(), w.Client); err != nil {
		t.Fatal(err)
	}
	other := w.PushWatched()
	other.Client, other.Details.Purpose = w.Client, "tarification-activites-municipales"
	other.Client.Watch = true
	kept := w.Issued(t, other).Grant
	answer := w.Allow(w.Identified(t, w.PushWatched()))
	answer.Unwatched = true
	if _, err := w.Service.Decide(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	if g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, kept.ID); err != nil || !g.Details.Watch {
		t.Errorf("%+v, %v", g.Details, err)
	}
}

// The look is taken back by itself, as it was given.
func TestTheLookAloneIsTakenBack(t *testing.T) {
	w := consenttest.WatchingHall(t, consenttest.NewMemory())
	g := w.Issued(t, w.PushWatched()).Grant
	in := consent.Reduction{GrantID: g.ID, Subject: g.Subject, Groups: g.Details.Groups, Unwatched: true, Statement: consenttest.Statement()}
	left, err := w.Service.Reduce(t.Context(), in)
	if err != nil || left.Details.Watch || len(left.Details.Groups) != len(g.Details.Groups) {
		t.Errorf("%+v, %v", left.Details, err)
	}
	if _, err := w.Service.Reduce(t.Context(), in); consent.CodeOf(err) != consent.InvalidRequest {
		t.Errorf("again: %v", err)
	}
}
