package citizen_test

import (
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// From the question to the answer that is read: the home page says that something was
// written until it was read, and no longer.
func TestTheOfficersWordsAreReadOnTheRequestsPage(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	officer := w.Agent(t, consent.RolePlatformDPO)
	r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "mes mots")
	if err != nil {
		t.Fatal(err)
	}
	address := w.base + "/my-data/requests/" + r.ID
	news := func() bool {
		return strings.Contains(b.Get(w.base+"/home").Body, "/my-data/requests/"+r.ID)
	}
	write := func(kind consent.RightsMessageKind, text string) {
		t.Helper()
		w.Clock.Advance(time.Minute)
		if err := w.Service.WriteRight(t.Context(), officer, r.ID, kind, text); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "nothing yet", b.Get(address), 200, "Savoir ce que vous gardez de moi", "Réponse au plus tard le", "24 décembre 2026", "mes mots", "Sa réponse s’affichera ici.")
	if news() {
		t.Error("news before anything was written")
	}
	write(consent.RightsExtension, "Votre dossier est <long>.")
	expect(t, "the list", b.Get(w.base+"/my-data/ask"), 200, "Nouveau message", "/my-data/requests/"+r.ID)
	if !news() {
		t.Error("the home page does not say that something was written")
	}
	expect(t, "extended", b.Get(address), 200, "Votre dossier est &lt;long&gt;.", "Délai prolongé", "24 février 2027")
	if news() || strings.Contains(b.Get(w.base+"/my-data/ask").Body, "Nouveau message") {
		t.Error("what was read is still news")
	}
	write(consent.RightsAnswer, "Voici vos données.")
	expect(t, "answered", b.Get(address), 200, "Réponse donnée", "Voici vos données.", "CNIL")
	if strings.Contains(b.Get(address).Body, "EXEMPLE") {
		t.Error("the officer is named")
	}
}

func TestALateAnswerSaysSo(t *testing.T) {
	w := newWorld(t)
	r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "")
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(32 * 24 * time.Hour)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	expect(t, "late", b.Get(w.base+"/my-data/requests/"+r.ID), 200, "La réponse est en retard", "Vous n’avez pas écrit de message.")
	other, err := w.Service.AskRight(t.Context(), w.SignIn(t, consenttest.Pierre()), consent.RightAccess, "à lui")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "another citizen's", b.Get(w.base+"/my-data/requests/"+other.ID), 404)
}
