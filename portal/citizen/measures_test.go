package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

const townHall = "mairie-lisiere~21990012300015"

func TestAnAdministrationIsStoppedAndLetAskAgain(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	page := w.base + "/my-data/measures"
	expect(t, "none", b.Get(page), 200, "Rien n’est gelé.", "Aucune.")
	none := b.Get(page + "/object?administration=x")
	expect(t, "a stranger", none, http.StatusUnprocessableEntity, "Choisissez une administration de la liste.")
	g, _ := w.Granted(t, w.Push())
	expect(t, "whom", b.Get(page), 200, `value="`+townHall+`"`, "Commune de Lisière-sur-Ource", "Toutes les administrations")
	expect(t, "before", b.Get(page+"/object?administration="+townHall), 200, "Arrêter\u00a0: Commune de Lisière-sur-Ource", "Les autorisations qui prennent fin")
	expect(t, "stopped", b.Post(page+"/object", url.Values{"administration": {townHall}}), 200, "C’est arrêté.", "La laisser demander de nouveau")
	expect(t, "its consent", b.Get(w.base+"/consents/"+g.ID), 200, "Retirée")
	expect(t, "home", b.Get(w.base+"/home"), 200, "Vous avez arrêté les demandes d’administrations")
	expect(t, "a request", b.Get(w.base+w.open(b, w.Push())), 200, "Elle a été close sans vous être posée")
	held, err := w.Store.Measures(t.Context(), w.Viewer.Subject)
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	for range 2 {
		expect(t, "lifted", b.Post(page+"/lift", url.Values{"measure": {held[0].ID}}), 200, "peut de nouveau vous faire une demande", "Aucune.")
	}
	if a := webtest.NewBrowser(t).Get(page); a.Status != http.StatusUnauthorized {
		t.Errorf("signed out: %d", a.Status)
	}
}

func TestAFreezeIsShownAndItsEndAskedFor(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	g, _ := w.Granted(t, w.Push())
	m := w.Restricted(t, consenttest.TownHallParty())
	shown := b.Get(w.base + "/consents/" + g.ID)
	expect(t, "consent", shown, 200, "Gelée", "le délégué a gelé ce partage", "/withdraw")
	if strings.Contains(shown.Body, "/pause") || strings.Contains(shown.Body, "/resume") {
		t.Error("it may be paused or resumed")
	}
	expect(t, "home", b.Get(w.base+"/home"), 200, "À votre demande, des partages sont gelés")
	expect(t, "history", b.Get(w.base+"/history"), 200, "Le délégué a gelé le partage, à votre demande")
	page := b.Get(w.base + "/my-data/measures")
	expect(t, "measures", page, 200, "Commune de Lisière-sur-Ource", "Demander la fin du gel", "/my-data/requests/"+m.RightsID)
	expect(t, "asked", b.Post(w.base+"/my-data/measures/ask", url.Values{"measure": {m.ID}}), 200, "Votre demande est partie", "Vous avez demandé la fin du gel")
	expect(t, "the officer's turn", b.Get(w.base+"/my-data/ask"), 200, "Mettre fin à un gel", "En attente de réponse")
	expect(t, "copy", w.exported(b, "html"), 200, "Gels et oppositions", "Commune de Lisière-sur-Ource")
	expect(t, "copy for software", w.exported(b, "json"), 200, `"id":"`+m.ID+`","right":"restriction"`)
	if _, err := w.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.Unsaid); err != nil {
		t.Errorf("withdrawing it: %v", err)
	}
}

// Whoever was refused reads why, and has the button again.
func TestARefusedEndOfAFreezeMayBeAskedAgain(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	w.Granted(t, w.Push())
	m := w.Restricted(t, consenttest.TownHallParty())
	w.Clock.Advance(time.Second)
	page := w.base + "/my-data/measures"
	asked := b.Post(page+"/ask", url.Values{"measure": {m.ID}})
	if strings.Contains(asked.Body, "Demander la fin du gel") {
		t.Error("it may be asked twice")
	}
	list, err := w.Service.RightsRequests(t.Context(), m.Subject)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "which", b.Get(w.base+"/my-data/requests/"+list[0].ID), 200, "Ma demande\u00a0: Mettre fin à un gel", "Ce qui est gelé", "Commune de Lisière-sur-Ource")
	why := "Le désaccord dure. Vous pouvez saisir la CNIL."
	if err := w.Service.WriteRight(t.Context(), w.Officer(t), list[0].ID, consent.RightsRefusal, why); err != nil {
		t.Fatal(err)
	}
	expect(t, "again", b.Get(page), 200, "Demander la fin du gel")
	expect(t, "why", b.Get(w.base+"/my-data/requests/"+list[0].ID), 200, "Le désaccord dure.")
}
