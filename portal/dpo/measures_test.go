package dpo_test

import (
	"net/http"
	"net/url"
	"testing"

	"portail.example/consent"
)

func TestAnOfficerAcceptsARestrictionAndLiftsItOnceItsCitizenWasTold(t *testing.T) {
	w := newWorld(t)
	g, _ := w.Granted(t, w.Push())
	r := w.asked(consent.RightRestriction)
	officer := w.agent(consent.RolePlatformDPO)
	right := w.base + "/dpo/rights/" + r.ID
	address := right + "/measures"
	w.shows("offered", officer.Get(right).Body, "Accepter et appliquer", r.ID+"/measures#accept")
	w.shows("none yet", officer.Get(address).Body, "Accepter la limitation", "Commune de Lisière-sur-Ource", "Vos données sont gelées.")
	for name, form := range map[string]url.Values{
		"#text":           {"text": {""}, "administration": {"all"}},
		"#administration": {"text": {"Nous gelons vos données."}, "administration": {"21990013100018"}},
	} {
		got := officer.Post(address, form)
		w.says(name, got, 422, "dpo.measures.title")
		w.shows(name, got.Body, `href="`+name+`"`)
	}
	form := url.Values{"text": {"Nous gelons <vos> données."}, "administration": {string(g.Details.Recipient)}}
	w.shows("set", officer.Post(address, form).Body, "C’est appliqué", "Limitation\u00a0: Commune de Lisière-sur-Ource", "Dominique EXEMPLE", "Annoncer la levée")
	w.says("twice", officer.Post(address, form), 409, "dpo.refused.closed.title")
	held, err := w.Store.Measures(t.Context(), r.Subject)
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	notice := url.Values{"measure": {held[0].ID}, "text": {"Voici pourquoi\u00a0: […]"}}
	w.shows("not yet", officer.Post(address+"/lift", notice).Body, "Rien n’est changé")
	w.shows("blank", officer.Post(address+"/notice", notice).Body, `href="#text-`+held[0].ID+`"`, "Voici pourquoi\u00a0: […]</textarea>")
	notice.Set("text", "Le désaccord est réglé.")
	w.shows("told", officer.Post(address+"/notice", notice).Body, "La personne est prévenue.", "Levée annoncée le")
	got := officer.Post(address+"/lift", notice)
	w.says("too early", got, 422, "dpo.measures.title")
	w.shows("too early", got.Body, "La personne doit le savoir une semaine avant.")
	if got := officer.Post(address+"/notice", url.Values{"measure": {"x"}, "text": {"Le désaccord est réglé."}}); got.Status != http.StatusNotFound {
		t.Errorf("another measure: %d", got.Status)
	}
	if err := w.Service.AskLifting(t.Context(), r.Subject, held[0].ID); err != nil {
		t.Fatal(err)
	}
	w.shows("lifted", officer.Post(address+"/lift", notice).Body, "La limitation est levée.", "Aucune.")
}

func TestAnOfficerAcceptsAnObjectionThatOnlyItsCitizenLifts(t *testing.T) {
	w := newWorld(t)
	g, _ := w.Granted(t, w.Push())
	r := w.asked(consent.RightObjection)
	officer := w.agent(consent.RolePlatformDPO)
	address := w.base + "/dpo/rights/" + r.ID + "/measures"
	form := url.Values{"text": {"Nous ne laissons plus personne vous demander."}}
	nobody := officer.Post(address, form)
	w.says("of nobody", nobody, 422, "dpo.measures.title")
	w.shows("of nobody", nobody.Body, `href="#administration"`)
	form.Set("administration", "all")
	set := officer.Post(address, form)
	w.shows("set", set.Body, "Opposition\u00a0: Toutes les administrations")
	held, err := w.Store.Measures(t.Context(), r.Subject)
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	if got := officer.Post(address+"/lift", url.Values{"measure": {held[0].ID}}); got.Status != http.StatusNotFound {
		t.Errorf("lifted by the officer: %d", got.Status)
	}
	if ended, err := w.Store.Grant(t.Context(), g.Subject, g.ID); err != nil || ended.Status != consent.GrantTakenBack {
		t.Errorf("%q, %v", ended.Status, err)
	}
}
