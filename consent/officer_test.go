package consent_test

import (
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// An invitation waits fourteen days; then the person is told, and inviting renews it.
func TestAnInvitationLapses(t *testing.T) {
	w := consenttest.NewWorld(t)
	first := w.Invited(t, consent.RoleDPO)
	in := consent.AgentInvitation{Email: first.Email, SIRET: string(first.SIRET), Role: consent.RoleAuditor}
	w.Clock.Set(first.InvitedUntil().Add(-time.Second))
	if first.State(w.Clock.Now()) != consent.AgentInvited {
		t.Error("it lapsed before its time")
	}
	if _, err := w.Service.InviteAgent(t.Context(), consent.Console(), in); consent.FieldOf(err) != "email" {
		t.Errorf("invited twice: %v", err)
	}
	w.Clock.Advance(time.Second)
	if first.State(w.Clock.Now()) != consent.AgentLapsed {
		t.Error("it did not lapse")
	}
	if _, err := w.Service.SignInAgent(t.Context(), consenttest.AgentOf(first)); consent.CodeOf(err) != consent.InvitationLapsed {
		t.Errorf("after it lapsed: %v", err)
	}
	again, err := w.Service.InviteAgent(t.Context(), consent.Console(), in)
	if err != nil {
		t.Fatal(err)
	}
	if old, err := w.Store.Agent(t.Context(), first.ID); err != nil || old.State(w.Clock.Now()) != consent.AgentEnded {
		t.Errorf("%v, %v", old.State(w.Clock.Now()), err)
	}
	came, err := w.Service.SignInAgent(t.Context(), consenttest.AgentOf(first))
	if err != nil || came.ID != again.ID || came.Role != consent.RoleAuditor {
		t.Errorf("%v, %v", came.ID, err)
	}
	w.Clock.Advance(2 * consent.InvitationLifetime)
	if _, err := w.Service.SignInAgent(t.Context(), consenttest.AgentOf(first)); err != nil {
		t.Errorf("who came in time: %v", err)
	}
}

// Whoever is named at the operator's tool is an officer who signed in.
func TestAnOfficerIsNamedByTheirAddress(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	if a, err := w.Service.Officer(t.Context(), " "+officer.Email+" "); err != nil || a.ID != officer.ID {
		t.Errorf("%v, %v", a.ID, err)
	}
	for what, c := range map[string]struct {
		address string
		want    consent.Code
	}{
		"nobody": {"nobody@lisiere.example", consent.AgentUnknown}, "no address": {"agent-1", consent.AgentUnknown},
		"an auditor": {w.Agent(t, consent.RoleAuditor).Email, consent.RoleNotAllowed}, "who was only invited": {w.Invited(t, consent.RoleDPO).Email, consent.AgentUnknown},
	} {
		if _, err := w.Service.Officer(t.Context(), c.address); consent.CodeOf(err) != c.want {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := w.Service.RevokeAgent(t.Context(), consent.Console(), officer.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.Officer(t.Context(), officer.Email); consent.CodeOf(err) != consent.AgentUnknown {
		t.Errorf("who was revoked: %v", err)
	}
}
