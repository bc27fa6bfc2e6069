package consenttest

import (
	"context"
	"testing"

	"portail.example/consent"
)

// Issuer is ProConnect's in tests.
const Issuer = "https://proconnect.example/api/v2"

// Invited is a person invited to TownHall's authority in a role; the role is in the
// address.
func (w *World) Invited(t testing.TB, role consent.Role) consent.Agent {
	t.Helper()
	a, err := w.Service.InviteAgent(context.Background(), consent.Console(), consent.AgentInvitation{
		Email: string(role) + "@lisiere.example", SIRET: string(TownHall().SIRET), Role: role,
	})
	must(t, err)
	return a
}

// Agent is such a person after their first sign-in.
func (w *World) Agent(t testing.TB, role consent.Role) consent.Agent {
	t.Helper()
	a, err := w.Service.SignInAgent(context.Background(), AgentOf(w.Invited(t, role)))
	must(t, err)
	return a
}

// AgentOf is the sign-in that accepts an invitation.
func AgentOf(a consent.Agent) consent.AgentSignIn {
	return consent.AgentSignIn{
		Issuer: Issuer, Subject: "account-of-" + a.Email, Email: a.Email, SIRET: a.SIRET, GivenName: "Dominique", UsualName: "EXEMPLE",
		ACR: "eidas1-mfa", IDToken: "id-token-of-" + a.Email,
	}
}
