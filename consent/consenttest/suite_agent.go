package consenttest

import (
	"fmt"
	"testing"
	"time"

	"portail.example/consent"
)

func agents(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	_, err := s.Agent(background, "nobody")
	isNotFound(t, "agent", err)
	invited := w.Invited(t, consent.RoleDPO)
	got, err := s.Agent(background, invited.ID)
	must(t, err)
	same(t, got, invited)
	w.Clock.Advance(time.Hour)
	active, err := w.Service.SignInAgent(background, AgentOf(invited))
	must(t, err)
	byEmail, err := s.AgentsByEmail(background, invited.Email)
	must(t, err)
	same(t, byEmail, []consent.Agent{active})
	bind := func(a consent.Agent, sub string, want bool) {
		t.Helper()
		inTx(t, s, func(tx consent.Tx) error {
			bound, err := tx.BindAgent(background, a, AgentOf(a).Issuer, sub)
			if bound != want {
				t.Errorf("bound to %q: %v", sub, bound)
			}
			return err
		})
	}
	renamed := active
	renamed.UsualName = "NOUVEAU-NOM"
	bind(renamed, AgentOf(active).Subject, true)
	bind(active, "another account", false)
	for _, want := range []bool{true, false} {
		inTx(t, s, func(tx consent.Tx) error {
			done, err := tx.RevokeAgent(background, active.ID, w.Clock.Now())
			if done != want {
				t.Errorf("revoked: %v, want %v", done, want)
			}
			return err
		})
	}
	bind(active, AgentOf(active).Subject, false)
	renamed.RevokedAt = w.Clock.Now()
	all, err := s.Agents(background)
	must(t, err)
	same(t, all, []consent.Agent{renamed})
}

func agentOnce(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	first := w.Invited(t, consent.RoleAuditor)
	insert := func(change func(*consent.Agent), want bool) {
		t.Helper()
		again := first
		again.ID, again.InvitedAt = consent.AgentID(consent.NewID()), again.InvitedAt.Add(time.Second)
		change(&again)
		inTx(t, s, func(tx consent.Tx) error {
			free, err := tx.InsertAgent(background, again)
			if free != want {
				t.Errorf("registered: %v, want %v", free, want)
			}
			return err
		})
	}
	insert(func(a *consent.Agent) { a.Role = consent.RoleOperator }, false)
	insert(func(a *consent.Agent) { a.SIRET = Transports().SIRET }, true)
	must(t, w.Service.RevokeAgent(background, consent.Console(), first.ID))
	insert(func(*consent.Agent) {}, true)
	known, err := s.AgentsByEmail(background, first.Email)
	must(t, err)
	if len(known) != 3 {
		t.Errorf("%d registrations, want 3", len(known))
	}
}

func lookups(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	agent := w.Agent(t, consent.RoleDPO)
	var want []consent.Lookup
	for i, subject := range []consent.SubjectID{w.Viewer.Subject, "", w.Viewer.Subject} {
		w.Clock.Advance(time.Second)
		l := consent.Lookup{ID: consent.NewID(), Agent: agent.ID, At: w.Clock.Now(), By: consent.LookupByNumber, Reason: fmt.Sprintf("demande d’accès n° %d", i), Subject: subject}
		inTx(t, s, func(tx consent.Tx) error { return tx.RecordLookup(background, l) })
		want = append([]consent.Lookup{l}, want...)
	}
	got, err := s.Lookups(background, "", 2)
	must(t, err)
	same(t, got, want[:2])
	got, err = s.Lookups(background, got[1].ID, 2)
	must(t, err)
	same(t, got, want[2:])
	got, err = s.Lookups(background, "none", 2)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("%d follow one that is not there", len(got))
	}
	lookupsOn(t, s, w.Viewer.Subject, []consent.Lookup{want[0], want[2]})
}

// lookupsOn reads, one by one, those that found a citizen.
func lookupsOn(t *testing.T, s StoreWithClients, subject consent.SubjectID, want []consent.Lookup) {
	t.Helper()
	var after consent.Lookup
	for _, l := range want {
		got, err := s.LookupsOn(background, subject, after, 1)
		must(t, err)
		same(t, got, []consent.Lookup{l})
		after = l
	}
	for _, whose := range []consent.SubjectID{subject, "", "nobody"} {
		got, err := s.LookupsOn(background, whose, after, 10)
		must(t, err)
		if len(got) != 0 {
			t.Errorf("%d look-ups of %q follow the last", len(got), whose)
		}
	}
}
