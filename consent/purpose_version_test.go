package consent_test

import (
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// A word put right grows the version alone; another meaning grows both.
func TestAConsentStandsUntilItsPurposeMeansSomethingElse(t *testing.T) {
	for _, c := range []struct {
		now, material, given int
		stands               bool
	}{
		{1, 1, 1, true}, {2, 1, 1, true}, {2, 2, 1, false}, {3, 2, 2, true}, {3, 2, 1, false}, {3, 3, 3, true},
	} {
		p := consent.Purpose{Version: c.now, Material: c.material}
		if p.Stands(c.given) != c.stands {
			t.Errorf("given to version %d, now %d, material since %d: %v", c.given, c.now, c.material, !c.stands)
		}
	}
	for _, p := range consent.Purposes() {
		if p.Material < 1 || p.Material > p.Version {
			t.Errorf("%s: version %d, material since %d", p.ID, p.Version, p.Material)
		}
	}
}

// grantedTo is a consent to a version of the purpose's texts.
func grantedTo(t *testing.T, w *consenttest.World, version int) consent.Grant {
	t.Helper()
	push := w.Push()
	push.ForcePrompt = true
	answer := w.Allow(w.Identified(t, push))
	answer.Statement.Version = version
	r, err := w.Service.Decide(t.Context(), answer)
	if err != nil {
		t.Fatal(err)
	}
	g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, r.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const former = 0 // a version before any that is material today

// The citizen is asked again, of everything, and told since when; meanwhile the consent
// goes on.
func TestAfterAMaterialChangeTheCitizenIsAskedAgain(t *testing.T) {
	w := consenttest.NewWorld(t)
	g := grantedTo(t, w, former)
	agreed := w.Clock.Now()
	w.Clock.Advance(time.Hour)
	r := w.Identified(t, w.Push())
	if r.Status != consent.RequestIdentified {
		t.Fatalf("answered without being asked: %s", r.Status)
	}
	held, err := w.Service.Held(t.Context(), r)
	if err != nil || len(held.Groups) != 0 || !held.Outdated.Equal(agreed) {
		t.Errorf("held %+v, %v", held, err)
	}
	if err := g.Live(w.Clock.Now()); err != nil {
		t.Errorf("the consent of before: %v", err)
	}
	if _, err := w.Service.Decide(t.Context(), w.Allow(r)); err != nil {
		t.Fatal(err)
	}
	if again := w.Identified(t, w.Push()); again.Status != consent.RequestGranted {
		t.Errorf("asked a third time: %s", again.Status)
	}
}

// Neither is anybody asked again whose consent is to texts that mean the same.
func TestWithoutAMaterialChangeNobodyIsAskedAgain(t *testing.T) {
	w := consenttest.NewWorld(t)
	p, _ := consent.PurposeOf(consenttest.Canteen().Purpose)
	g := grantedTo(t, w, p.Material)
	if r := w.Identified(t, w.Push()); r.Status != consent.RequestGranted || r.GrantID != g.ID {
		t.Errorf("asked again: %s", r.Status)
	}
	bigger := w.Identified(t, larger(w))
	held, err := w.Service.Held(t.Context(), bigger)
	if err != nil || !held.Outdated.IsZero() || !slices.Equal(held.Groups, g.Details.Groups) {
		t.Errorf("held %+v, %v", held, err)
	}
}

// Both at once: what stands is told apart from what does not.
func TestOneConsentOfBeforeAndOneOfToday(t *testing.T) {
	w := consenttest.NewWorld(t)
	grantedTo(t, w, former)
	w.Clock.Advance(time.Hour)
	today := grantedTo(t, w, 1)
	if r := w.Identified(t, w.Push()); r.GrantID != today.ID {
		t.Errorf("answered by %q", r.GrantID)
	}
}
