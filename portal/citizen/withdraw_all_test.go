package citizen_test

import (
	"strings"
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

func TestEverythingIsWithdrawnAfterAConfirmation(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.Push())
	w.given(b, w.PushOnce())
	w.given(b, w.PushFor(consenttest.Delegated()[0]))
	expect(t, "withdraw", b.Get(w.base+path+"/withdraw"), 200, "Retirer tout ce que Commune de Lisière-sur-Ource peut consulter", "Retirer toutes mes autorisations", "une nouvelle autorisation")
	town := w.base + "/administrations/" + w.Client.ID + "/" + string(w.Client.SIRET) + "/withdraw"
	expect(t, "from one", b.Get(town), 200, "Vous allez retirer 2 autorisations", "tarif de cantine", "12 mois au plus")
	expect(t, "done", b.Post(town, nil), 200, "Vous avez retiré 2 autorisations. Plus aucune transmission depuis le 24 novembre 2026 à 10:00:00")
	expect(t, "again", b.Post(town, nil), 200, "il n’y a rien à retirer")
	expect(t, "nothing left there", b.Get(town), 200, "il n’y a rien à retirer")
	expect(t, "from all", b.Get(w.base+"/withdraw-all"), 200, "Vous allez retirer 1 autorisation.")
	expect(t, "all done", b.Post(w.base+"/withdraw-all", nil), 200, "Vous avez retiré 1 autorisation.")
	expect(t, "the first", b.Get(w.base+path), 200, "Retirée")
}

func TestAnAdministrationThatIsNotKnownLooksLikeOneThatHoldsNothing(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	w.given(b, w.Push())
	known := b.Get(w.base + "/administrations/transports-source/21990012300015/withdraw")
	unknown := b.Get(w.base + "/administrations/nobody/21990012300015/withdraw")
	expect(t, "holds nothing", known, 200, "il n’y a rien à retirer")
	if unknown.Status != known.Status || main(unknown.Body) != main(known.Body) {
		t.Errorf("unknown: %d %s", unknown.Status, main(unknown.Body))
	}
	for _, path := range []string{"/withdraw-all", "/administrations/nobody/21990012300015/withdraw"} {
		stranger := webtest.NewBrowser(t)
		if a := stranger.Get(w.base + path); a.Status != 401 || strings.Contains(a.Body, "autorisation en cours") {
			t.Errorf("a stranger gets %d", a.Status)
		}
		expect(t, "a stranger's form", stranger.Post(w.base+path, nil), 401)
	}
}
