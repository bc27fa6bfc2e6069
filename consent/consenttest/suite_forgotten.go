package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// wordsForgotten: a text that two citizens decided on stays for the other one, and comes
// back when somebody decides on it again.
func wordsForgotten(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	gone := w.Viewer.Subject
	statement := func() consent.Statement {
		return consent.Statement{Language: "fr", Version: 1, Text: "Dossier " + consent.NewID(), Own: true}
	}
	theirs, shared, public := statement(), statement(), statement()
	public.Own = false
	decide := func(viewer consent.Viewer, texts ...consent.Statement) {
		t.Helper()
		w.Viewer = viewer
		for _, text := range texts {
			w.Clock.Advance(time.Second)
			p := w.Push()
			p.ForcePrompt = true
			answer := w.Allow(w.Identified(t, p))
			answer.Allow, answer.Statement = false, text
			_, err := w.Service.Decide(background, answer)
			must(t, err)
		}
	}
	angela := w.Viewer
	pierre := angela
	pierre.Subject = w.SignIn(t, Pierre())
	decide(pierre, shared)
	decide(angela, theirs, shared, public)
	agent := w.Agent(t, consent.RolePlatformDPO)
	for _, subject := range []consent.SubjectID{gone, pierre.Subject, ""} {
		w.Clock.Advance(time.Second)
		l := consent.Lookup{ID: consent.NewID(), Agent: agent.ID, At: w.Clock.Now(), By: consent.LookupByNumber, Reason: "demande du 3 mars", Subject: subject}
		inTx(t, s, func(tx consent.Tx) error { return tx.RecordLookup(background, l) })
	}
	w.Clock.Advance(consent.ExportLease)
	_, err := w.Service.EraseSubject(background, w.ToErase(t).ID, "agent-2")
	must(t, err)
	found, err := s.Lookups(background, "", 10)
	must(t, err)
	for _, l := range found {
		if (l.Reason == "") != (l.Subject == gone) {
			t.Errorf("a reason about %q is %q", l.Subject, l.Reason)
		}
	}
	_, err = s.ShownText(background, theirs.Hash(), gone)
	isNotFound(t, "the text of a file of who is gone", err)
	for text, viewer := range map[consent.Statement]consent.SubjectID{shared: pierre.Subject, public: ""} {
		_, err = s.ShownText(background, text.Hash(), viewer)
		must(t, err)
	}
	decide(pierre, theirs)
	again, err := s.ShownText(background, theirs.Hash(), pierre.Subject)
	must(t, err)
	same(t, again.Statement, theirs)
}

// revokedAgentLeaves: with their key, once nothing refers to them.
func revokedAgentLeaves(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	agent, stays := w.Agent(t, consent.RolePlatformDPO), w.Agent(t, consent.RoleAuditor)
	must(t, w.Service.RevokeAgent(background, consent.Console(), agent.ID))
	w.Clock.Advance(time.Second)
	_, err := w.Service.FindPerson(background, agent, consent.PersonSearch{Number: "none"}, "demande du 3 mars")
	isNotFound(t, "nobody", err)
	w.Clock.Set(w.Clock.Now().AddDate(0, consent.EvidenceMonths, 0))
	for _, want := range []map[consent.Record]int{{}, {consent.RecordLookup: 1, consent.RecordAgent: 1}} {
		report, err := w.Service.Purge(background)
		must(t, err)
		got := countOf(report)
		delete(got, consent.RecordIdentity)
		same(t, got, want)
		w.Clock.Advance(time.Second)
	}
	_, err = s.Agent(background, agent.ID)
	isNotFound(t, "an agent who was revoked years ago", err)
	_, err = s.Agent(background, stays.ID)
	must(t, err)
}
