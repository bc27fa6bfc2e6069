package main

import (
	"context"

	"portail.example/consent"
	pcstub "portail.example/internal/sandbox/proconnect"
)

// What the portal and ProConnect's stand-in know each other by.
const (
	pcClientID     = "portail-consentement-agents"
	pcClientSecret = "demo-proconnect-secret-of-32-characters-or-more"
	operatorSIRET  = "13990012000003"
)

// Where the demo's agents work.
var (
	atOperator  = pcstub.Organisation{SIRET: operatorSIRET, Label: "Opérateur de démonstration"}
	atTownHall  = pcstub.Organisation{SIRET: townHallSIRET, Label: "Commune de Lisière-sur-Ource"}
	atTransport = pcstub.Organisation{SIRET: transportSIRET, Label: "Syndicat des transports de la Source"}
)

// demoAgent is an agent of the stand-in, and what the portal knows of them.
type demoAgent struct {
	pcstub.Agent
	role    consent.Role // empty: never invited
	at      string       // the SIRET of the invitation
	revoked bool
}

// demoAgents is one for each outcome of a sign-in.
func demoAgents() []demoAgent {
	agent := func(key, given, usual, email, acr, outcome string, at ...pcstub.Organisation) pcstub.Agent {
		return pcstub.Agent{Key: key, GivenName: given, UsualName: usual, Email: email, ACR: acr, Organisations: at, Outcome: outcome}
	}
	const two, one = "eidas1-mfa", "eidas1"
	return []demoAgent{
		{agent("claire", "Claire", "DELORME", "dpo@portail.example", two, "déléguée à la protection des données du service : voit tout", atOperator), consent.RolePlatformDPO, operatorSIRET, false},
		{agent("marc", "Marc", "TISSERAND", "dpo@lisiere-sur-ource.example", two, "délégué de la commune : sa commune seulement", atTownHall), consent.RoleDPO, townHallSIRET, false},
		{agent("nadia", "Nadia", "OUALI", "exploitation@portail.example", two, "exploitante : aucune identité", atOperator), consent.RoleOperator, operatorSIRET, false},
		{agent("hugo", "Hugo", "VASSEUR", "audit@portail.example", two, "auditeur : les preuves, aucune identité", atOperator), consent.RoleAuditor, operatorSIRET, false},
		{agent("lea", "Léa", "BERTIN", "dpo@transports-source.example", two, "déléguée des transports, travaille aussi pour la commune : un organisme à la fois", atTransport, atTownHall), consent.RoleDPO, transportSIRET, false},
		{agent("irene", "Irène", "FOURNEL", "ancienne-dpo@lisiere-sur-ource.example", two, "son accès a été retiré", atTownHall), consent.RoleDPO, townHallSIRET, true},
		{agent("paul", "Paul", "LEMOINE", "adjoint-dpo@lisiere-sur-ource.example", one, "inscrit, mais son compte n’a qu’un facteur", atTownHall), consent.RoleDPO, townHallSIRET, false},
		{agent("zoe", "Zoé", "MARCHAND", "zoe.marchand@lisiere-sur-ource.example", two, "agente de la commune, que personne n’a inscrite", atTownHall), "", "", false},
	}
}

func newProConnect(w *world) (*pcstub.Server, error) {
	var agents []pcstub.Agent
	for _, a := range demoAgents() {
		agents = append(agents, a.Agent)
	}
	return pcstub.New(pcstub.Config{
		Issuer: w.PCURL + "/api/v2", Now: w.cfg.Now, Agents: agents,
		Clients: []pcstub.Client{{
			ID: pcClientID, Secret: pcClientSecret, Name: "Portail de consentement",
			RedirectURIs: []string{w.PortalURL + "/dpo/callback"}, PostLogoutRedirectURIs: []string{w.PortalURL + "/dpo/signed-out"},
		}},
	})
}

// inviteAgents registers the demo's agents, unless a database that was kept knows them.
func inviteAgents(ctx context.Context, w *world) error {
	for _, a := range demoAgents() {
		known, err := w.Portal.DB.AgentsByEmail(ctx, a.Email)
		if err != nil {
			return err
		}
		if a.role == "" || len(known) > 0 {
			continue
		}
		if err := a.invite(ctx, w.Portal.Service); err != nil {
			return err
		}
	}
	return nil
}

func (a demoAgent) invite(ctx context.Context, service *consent.Service) error {
	invited, err := service.InviteAgent(ctx, consent.Console(), consent.AgentInvitation{Email: a.Email, SIRET: a.at, Role: a.role})
	if err != nil || !a.revoked {
		return err
	}
	return service.RevokeAgent(ctx, consent.Console(), invited.ID)
}
