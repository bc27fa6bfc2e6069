package main

import (
	"net/url"
	"strings"
	"testing"

	"portail.example/portal/web/webtest"
)

// A citizen asks, the officer finds the request, answers, and the citizen reads.
func TestACitizenAsksAndTheOfficerAnswers(t *testing.T) {
	j := newJourney(t)
	j.identify(j.b.Get(j.PortalURL), "angela")
	j.expect("asked", j.submit(j.b.Get(j.PortalURL+"/my-data/ask"), "/my-data/ask", url.Values{"right": {"rectification"}, "message": {"Mon quotient est faux"}}), 200, "En attente de réponse")

	officer, home := j.agentAt("claire", operatorSIRET)
	j.expect("what is due", home, 200, "Demandes de droits ouvertes : 1")
	queue := officer.Get(j.find(hrefs, home, "/dpo/rights"))
	request := officer.Get(j.find(hrefs, queue, "/dpo/rights/"))
	j.expect("the request", request, 200, "Rectification", "Mon quotient est faux")
	j.expect("its template", officer.Get(j.find(hrefs, request, "template=rectification")), 200, "caf.fr", "msa.fr", "CNIL")
	reply := url.Values{"kind": {"answer"}, "text": {"Demandez la correction à votre caisse.\nVous pouvez saisir la CNIL."}}
	j.expect("answered", officer.Post(j.find(actions, request, "/messages"), reply), 200, "Répondue", "Le message est envoyé")

	told := j.b.Get(j.PortalURL + "/home")
	j.expect("home", told, 200, "Le délégué à la protection des données vous a écrit")
	j.expect("read", j.click(told, "/my-data/requests/"), 200, "Demandez la correction à votre caisse.", "Réponse donnée")
	if again := j.b.Get(j.PortalURL + "/home"); strings.Contains(again.Body, "/my-data/requests/") {
		t.Error("what was read is still announced")
	}
}

// Two agents erase a citizen, who is a newcomer afterwards. A legal hold stops them.
func TestTwoAgentsEraseACitizen(t *testing.T) {
	j := newJourney(t)
	j.identify(j.b.Get(j.PortalURL), "angela")
	j.submit(j.b.Get(j.PortalURL+"/my-data/ask"), "/my-data/ask", url.Values{"right": {"erasure"}})
	officer, home := j.agentAt("claire", operatorSIRET)
	request := officer.Get(j.find(hrefs, officer.Get(j.find(hrefs, home, "/dpo/rights")), "/dpo/rights/"))
	id := request.URL.Path[strings.LastIndex(request.URL.Path, "/")+1:]
	holds := request.URL.Path + "/holds"

	held := officer.Post(j.PortalURL+holds, url.Values{"reason": {"dossier 2026-12"}})
	j.expect("held", held, 200, "La garde est posée", "dossier 2026-12", "Claire DELORME")
	j.expect("stopped", officer.Post(j.PortalURL+"/dpo/erasures", url.Values{"request": {id}}), 409, "Une procédure garde ces données")
	lifted := hidden.FindStringSubmatch(held.Body)
	j.expect("lifted", officer.Post(j.PortalURL+holds+"/lift", url.Values{"hold": {lifted[2]}, "why": {"affaire close"}}), 200, "La garde est levée")

	proposed := officer.Post(j.PortalURL+"/dpo/erasures", url.Values{"request": {id}})
	j.expect("proposed", proposed, 200)
	erasure := officer.Get(j.find(hrefs, proposed, "/dpo/erasures/"))
	j.expect("by herself", officer.Post(erasure.URL.String()+"/approve", nil), 403)
	second, due := j.agentAt("nadia", operatorSIRET)
	j.expect("what is due", due, 200, "Effacements à approuver : 1", "Il faut un second agent")
	j.expect("approved", second.Post(erasure.URL.String()+"/approve", nil), 200)

	j.expect("afterwards", officer.Get(request.URL.String()), 200, "Répondue", "Aucun message")
	j.expect("signed out", j.b.Get(j.PortalURL+"/my-data/ask"), 401)
	j.b = webtest.NewBrowser(t) // FranceConnect remembers her in the other
	j.identify(j.b.Get(j.PortalURL), "angela")
	j.expect("a newcomer", j.b.Get(j.PortalURL+"/my-data/ask"), 200, "Aucune demande.")
}
