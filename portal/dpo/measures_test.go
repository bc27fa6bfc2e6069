package dpo_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
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

// asksToLift is what comes in when the citizen of a restriction wants its end.
func (w *world) asksToLift() (consent.Measure, consent.RightsRequest) {
	w.t.Helper()
	w.Granted(w.t, w.Push())
	m := w.Restricted(w.t, consenttest.TownHallParty())
	w.Clock.Advance(time.Second)
	if err := w.Service.AskLifting(w.t.Context(), m.Subject, m.ID); err != nil {
		w.t.Fatal(err)
	}
	asked, err := w.Service.RightsRequests(w.t.Context(), m.Subject)
	if err != nil {
		w.t.Fatal(err)
	}
	return m, asked[0]
}

func TestAnOfficerLiftsForWhoAskedAndAnswersWithIt(t *testing.T) {
	w := newWorld(t)
	m, asked := w.asksToLift()
	officer, _ := w.as(consenttest.AgentOf(w.Officer(t)))
	right := w.base + "/dpo/rights/" + asked.ID
	w.shows("the queue", officer.Get(w.base+"/dpo/rights").Body, "Fin d’une limitation (article 18)")
	got := officer.Get(right).Body
	w.shows("the request", got, "Limitation dont la fin est demandée", "Commune de Lisière-sur-Ource, depuis le", "Lever la limitation", "/measures#text-"+m.ID)
	for _, text := range []string{"Accepter et appliquer", `id="kind-answer"`, "template=restriction"} {
		if strings.Contains(got, text) {
			t.Errorf("the request offers %q", text)
		}
	}
	form := officer.Get(right + "/measures").Body
	w.shows("the form", form, `id="text-`+m.ID+`"`, "Lever et répondre", "Vous demandez la fin du gel")
	if strings.Contains(form, "Geler et répondre") || strings.Contains(form, "Annoncer la levée") {
		t.Error("a second restriction, or a notice, is offered")
	}
	w.shows("from another page", officer.Get(w.base+"/dpo/rights/"+m.RightsID+"/measures").Body, "Lever et répondre", "/dpo/rights/"+asked.ID)
	set := officer.Post(right+"/measures", url.Values{"administration": {"all"}, "text": {"Nous gelons vos données."}})
	w.says("accepted", set, 422, "dpo.measures.title")
	w.shows("accepted", set.Body, "levez-la, ou refusez")
	lift := url.Values{"measure": {m.ID}, "text": {""}}
	w.shows("no words", officer.Post(right+"/measures/lift", lift).Body, `href="#text-`+m.ID+`"`)
	lift.Set("text", "C’est levé.")
	w.shows("lifted", officer.Post(right+"/measures/lift", lift).Body, "La limitation est levée.", "Aucune.")
	w.shows("answered", officer.Get(right).Body, "C’est levé.", "Répondue", "Commune de Lisière-sur-Ource, depuis le")
	register := officer.Get(w.base + "/dpo/rights/register.json").Body
	w.shows("the register", register, `"asks_for_the_end":true`)
	w.shows("the register", officer.Get(w.base+"/dpo/rights/register.csv").Body, "Fin d’une limitation (article 18)")
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
