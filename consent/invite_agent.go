package consent

import (
	"context"
	"slices"
)

// AgentInvitation is who may sign in, and as what. Nothing is sent: whoever invites tells
// the person, who signs in with ProConnect.
type AgentInvitation struct {
	Email string
	SIRET string
	Role  Role
}

// Console is whoever runs the operator's tool. They hold the database and the master
// key already; the first platform DPO is theirs to invite.
func Console() Agent { return Agent{Role: RolePlatformDPO} }

// InviteAgent registers a person, who becomes the agent at their first sign-in with
// that address and that SIRET, within InvitationLifetime. An invitation that lapsed is
// ended and takes place anew. It fails with InvalidRequest, which names email, siret or
// role, and with RoleNotAllowed.
func (s *Service) InviteAgent(ctx context.Context, by Agent, in AgentInvitation) (Agent, error) {
	if _, err := by.May(DutyAgents); err != nil {
		return Agent{}, err
	}
	a, err := in.agent()
	if err != nil {
		return Agent{}, err
	}
	a.ID, a.InvitedBy, a.InvitedAt = AgentID(NewID()), by.ID, s.Now()
	return a, s.store.Transact(ctx, func(tx Tx) error {
		if err := endLapsed(ctx, tx, a); err != nil {
			return err
		}
		free, err := tx.InsertAgent(ctx, a)
		if err != nil {
			return err
		}
		if !free {
			return Refuse(InvalidRequest, "email", "already registered for this authority")
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: a.InvitedAt, Kind: EntryAgentInvited, Ref: string(a.ID)})
	})
}

// endLapsed ends the invitation whose place a takes, when nobody came in time.
func endLapsed(ctx context.Context, tx Tx, a Agent) error {
	known, err := tx.AgentsByEmail(ctx, a.Email)
	if err != nil {
		return err
	}
	for _, old := range known {
		if old.SIRET == a.SIRET && old.State(a.InvitedAt) == AgentLapsed {
			return endAgent(ctx, tx, old.ID, a.InvitedAt)
		}
	}
	return nil
}

// agent checks what was typed.
func (in AgentInvitation) agent() (Agent, error) {
	email := FoldEmail(in.Email)
	if checkAddress(email) != nil {
		return Agent{}, Refuse(InvalidRequest, "email", "not an e-mail address")
	}
	siret, err := ParseSIRET(in.SIRET)
	if err != nil {
		return Agent{}, Refuse(InvalidRequest, "siret", "%s", DetailOf(err))
	}
	if !slices.Contains(Roles(), in.Role) {
		return Agent{}, Refuse(InvalidRequest, "role", "not a role")
	}
	return Agent{Email: email, SIRET: siret, Role: in.Role}, nil
}

// Agents are all that were ever registered, newest first. It fails with RoleNotAllowed.
func (s *Service) Agents(ctx context.Context, by Agent) ([]Agent, error) {
	if _, err := by.May(DutyAgents); err != nil {
		return nil, err
	}
	return s.store.Agents(ctx)
}

// Agent finds one. It fails with RoleNotAllowed and NotFound.
func (s *Service) Agent(ctx context.Context, by Agent, id AgentID) (Agent, error) {
	if _, err := by.May(DutyAgents); err != nil {
		return Agent{}, err
	}
	return s.store.Agent(ctx, id)
}
