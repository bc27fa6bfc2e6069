package consent

import (
	"context"
	"time"
)

// AgentReader reads the agents and what they did.
type AgentReader interface {
	// Agents are all that were ever registered, newest first; some hundreds.
	Agents(ctx context.Context) ([]Agent, error)
	Agent(ctx context.Context, id AgentID) (Agent, error)
	// AgentsByEmail are the registrations of a folded address, newest first.
	AgentsByEmail(ctx context.Context, email string) ([]Agent, error)
	// Lookups are all agents' searches, newest first, at most limit; those that
	// follow the one named after, when it is not empty.
	Lookups(ctx context.Context, after string, limit int) ([]Lookup, error)
	// LookupsOn are the searches that found a citizen, newest first, at most limit; those
	// that follow after, when it is not zero.
	LookupsOn(ctx context.Context, subject SubjectID, after Lookup, limit int) ([]Lookup, error)
}

// AgentTx writes agents and their searches.
type AgentTx interface {
	// InsertAgent registers one; false when the address is registered for the
	// authority already, and not revoked.
	InsertAgent(ctx context.Context, a Agent) (bool, error)
	// BindAgent ties an agent to an account, names it, and notes AcceptedAt; true also
	// when it was tied to this account before, false when to another, or revoked.
	BindAgent(ctx context.Context, a Agent, issuer, sub string) (bool, error)
	// RevokeAgent ends a registration and its sessions; false when it was before.
	RevokeAgent(ctx context.Context, id AgentID, at time.Time) (bool, error)
	RecordLookup(ctx context.Context, l Lookup) error
}
