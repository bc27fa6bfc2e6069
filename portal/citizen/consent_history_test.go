package citizen_test

import (
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/portal/web/webtest"
)

func TestAConsentTellsWhoAskedAndHowOftenItWasRenewed(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	issued := w.Issued(t, w.Push())
	path := w.base + "/consents/" + issued.Grant.ID
	first := b.Get(path)
	expect(t, "before", first, 200, "Pour quoi faire", "s’en sert pour calculer votre tarif de cantine", "Commune de Lisière-sur-Ource a demandé ces données.", "Vous avez autorisé le partage (texte lu : version 1).", "Voir le récapitulatif")
	if strings.Contains(first.Body, "Renouvellement") {
		t.Error("the first token is told as a renewal")
	}
	for range 2 {
		w.Clock.Advance(time.Minute)
		var err error
		if issued, err = w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken}); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "renewed", b.Get(path), 200, "24 novembre 2026 à 10:02:00", "Renouvellement le plus récent de l’accès de Commune de Lisière-sur-Ource (2 en tout).")
	edited := w.given(b, w.PushFor(consenttest.Delegated()[0]))
	expect(t, "by an editor", b.Get(w.base+edited), 200, "Logiciels Enfance a demandé ces données pour")
}

// The last token of 10:00 ends at 10:05, and a clock may be a minute late.
func TestAStopSaysFromWhenOnItHoldsEverywhere(t *testing.T) {
	if consent.VerifierSkew != token.MaxLeeway {
		t.Error("verifiers forgive another skew than the citizen is told of")
	}
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	issued := w.Issued(t, w.Push())
	path := w.base + "/consents/" + issued.Grant.ID
	w.Clock.Advance(time.Minute)
	expect(t, "paused", b.Post(path+"/pause", nil), 200, "L’arrêt vaudra partout le 24 novembre 2026 à 10:06:00 au plus tard.", "sans nous interroger peut encore se fier")
	expect(t, "withdrawn", b.Post(path+"/withdraw", nil), 200, "L’arrêt vaudra partout le 24 novembre 2026 à 10:06:00 au plus tard.")
	w.Clock.Advance(5 * time.Minute)
	for _, page := range []string{path, path + "/withdrawal"} {
		expect(t, page, b.Get(page), 200, "L’arrêt vaut partout depuis le 24 novembre 2026 à 10:06:00")
	}
}

func TestUndoingAWithdrawalIsANewConsentAndThePageSaysSo(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	const undo = "il faudra une nouvelle autorisation"
	path := w.given(b, w.Push())
	if page := b.Get(w.base + path); strings.Contains(main(page.Body), undo) {
		t.Error("told before there is anything to undo")
	}
	expect(t, "withdrawn", b.Post(w.base+path+"/withdraw", nil), 200, undo, "apportez votre attestation")
	expect(t, "pressed again", b.Post(w.base+path+"/resume", nil), 200, "Retirée", undo)
	w.Clock.Advance(time.Minute)
	again := w.given(b, w.Push())
	if again == path {
		t.Error("the same consent came back")
	}
	expect(t, "everything", b.Post(w.base+"/withdraw-all", nil), 200, "de nouvelles autorisations", "apportez votre attestation")
}

func TestHomeLeadsToWithdrawingAllOnlyWhenThereIsSomething(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	linked := func(want bool, when string) {
		t.Helper()
		if got := strings.Contains(b.Get(w.base+"/home").Body, `href="/withdraw-all"`); got != want {
			t.Errorf("%s: %v", when, got)
		}
	}
	linked(false, "empty")
	path := w.given(b, w.Push())
	linked(true, "one consent")
	b.Post(w.base+path+"/pause", nil)
	linked(true, "a paused one")
	b.Post(w.base+"/withdraw-all", nil)
	linked(false, "all withdrawn")
}

// The last of several stops is the one that is told.
func TestWithdrawingAllSaysFromWhenOnItHoldsEverywhere(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	w.Issued(t, w.Push())
	w.Clock.Advance(time.Minute)
	w.Issued(t, w.PushOnce())
	w.Clock.Advance(time.Minute)
	expect(t, "all", b.Post(w.base+"/withdraw-all", nil), 200, "Vous avez retiré 2 autorisations.", "L’arrêt vaudra partout le 24 novembre 2026 à 10:07:00 au plus tard.")
	if again := b.Post(w.base+"/withdraw-all", nil); strings.Contains(again.Body, "L’arrêt") {
		t.Errorf("nothing was withdrawn: %s", main(again.Body))
	}
}
