package dpo_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// toErase is a citizen's request, and the erasure that an officer proposed for it.
func (w *world) toErase(officer *webtest.Browser) (request, erasure string) {
	w.t.Helper()
	r, err := w.Service.AskRight(w.t.Context(), w.Viewer.Subject, consent.RightErasure, "mes mots")
	if err != nil {
		w.t.Fatal(err)
	}
	list := officer.Get(w.base + "/dpo/erasures")
	if !strings.Contains(list.Body, `value="`+r.ID+`"`) || !strings.Contains(list.Body, "Demande du 24 novembre 2026") {
		w.t.Fatalf("the request is not on the page\n%s", list.Body)
	}
	proposed := officer.Post(w.base+"/dpo/erasures", url.Values{"request": {r.ID}})
	if proposed.Status != http.StatusOK || !strings.Contains(proposed.Body, "L’effacement est proposé.") || strings.Contains(proposed.Body, `value="`+r.ID+`"`) {
		w.t.Fatalf("%d\n%s", proposed.Status, proposed.Body)
	}
	waiting, err := w.Store.Erasures(w.t.Context())
	if err != nil || len(waiting) != 1 {
		w.t.Fatal(waiting, err)
	}
	return r.ID, waiting[0].ID
}

// One agent proposes, another reads what would go and stay, and approves. No page names
// the person.
func TestAnErasureTakesTwoAgents(t *testing.T) {
	w := newWorld(t)
	w.Granted(t, w.Push())
	officer, operator := w.agent(consent.RolePlatformDPO), w.agent(consent.RoleOperator)
	_, id := w.toErase(officer)
	mine := officer.Get(w.base + "/dpo/erasures/" + id)
	if !strings.Contains(mine.Body, "Vous l’avez proposé") || strings.Contains(mine.Body, "/approve") {
		t.Errorf("%s", mine.Body)
	}
	w.says("approved by who proposed", officer.Post(w.base+"/dpo/erasures/"+id+"/approve", nil), http.StatusForbidden, "dpo.refused.same_agent.title")
	list := operator.Get(w.base + "/dpo/erasures")
	if strings.Contains(list.Body, "Demandes d’effacement") {
		t.Error("the operator reads citizens' requests")
	}
	page := operator.Get(w.base + "/dpo/erasures/" + id)
	for _, want := range []string{"<li>Identité</li>", "Autorisations, choix et textes lus\u00a0: 1", "Jusqu’au 24 novembre 2029", "Effacer ces données"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("no %q in\n%s", want, page.Body)
		}
	}
	done := operator.Post(w.base+"/dpo/erasures/"+id+"/approve", nil)
	if done.Status != http.StatusOK || !strings.Contains(done.Body, "Les données de la personne sont effacées.") {
		t.Errorf("%d\n%s", done.Status, done.Body)
	}
	if _, err := w.Service.Identity(t.Context(), w.Viewer.Subject); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("still known: %v", err)
	}
	for _, seen := range []string{mine.Body, list.Body, page.Body, done.Body} {
		if strings.Contains(seen, consenttest.Angela().Identity.FamilyName) || strings.Contains(seen, "mes mots") {
			t.Error("a page names the person")
		}
	}
	if again := operator.Get(w.base + "/dpo/erasures/" + id); again.Status != http.StatusNotFound {
		t.Errorf("it still waits: %d", again.Status)
	}
}

func TestAnErasureIsRefusedInWords(t *testing.T) {
	w := newWorld(t)
	officer, operator := w.agent(consent.RolePlatformDPO), w.agent(consent.RoleOperator)
	request, id := w.toErase(officer)
	approve := func() webtest.Answer { return operator.Post(w.base+"/dpo/erasures/"+id+"/approve", nil) }
	h, err := w.Service.SetHold(t.Context(), consent.Hold{Subject: w.Viewer.Subject, Reason: "dossier 12", SetBy: "agent-1"})
	if err != nil {
		t.Fatal(err)
	}
	w.says("held", approve(), http.StatusConflict, "dpo.refused.legal_hold.title")
	if _, err := w.Service.LiftHold(t.Context(), h.ID, "agent-1"); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.Transact(t.Context(), func(tx consent.Tx) error {
		return tx.NoteExport(t.Context(), w.Viewer.Subject, w.Clock.Now().Add(consent.ExportLease))
	}); err != nil {
		t.Fatal(err)
	}
	w.says("a copy is taken", approve(), http.StatusConflict, "dpo.refused.export_running.title")
	w.Clock.Advance(consent.ExportLease)
	by, err := w.Service.Agents(t.Context(), consent.Console())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range by {
		if a.Role == consent.RolePlatformDPO {
			if err := w.Service.WriteRight(t.Context(), a, request, consent.RightsRefusal, "Ces données servent de preuve. Vous pouvez saisir la CNIL."); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.says("answered otherwise", approve(), http.StatusConflict, "dpo.refused.closed.title")
	if list := operator.Get(w.base + "/dpo/erasures"); strings.Contains(list.Body, id) {
		t.Error("it still waits")
	}
	for name, form := range map[string]url.Values{"nothing": nil, "no identifier": {"request": {"<x>"}}} {
		if got := officer.Post(w.base+"/dpo/erasures", form); got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
}
