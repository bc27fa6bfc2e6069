package consent

import (
	"context"
	"time"
)

// LookupTold is a look-up as the person it found may know it: when, by which authority
// and role, by what and why, and not which agent (GDPR article 15(1); CJEU, 22 June
// 2023, C-579/21).
type LookupTold struct {
	ID        string
	At        time.Time
	By        LookupKind
	Authority SIRET
	Name      string // of the authority; empty when it is not registered
	Role      Role
	// Reason is the agent's words; empty when they may name somebody else (article
	// 15(4)).
	Reason string
}

// String keeps the agent's words out of logs and error texts.
func (LookupTold) String() string { return "[look-up]" }

// GoString keeps them out of %#v.
func (l LookupTold) GoString() string { return l.String() }

// concerns is the authority whose officer looked; empty for the portal's own officer.
func (l LookupTold) concerns() SIRET {
	if l.Role == RoleDPO {
		return l.Authority
	}
	return ""
}

// seat is whom an agent acted for.
type seat struct {
	authority SIRET
	name      string
	role      Role
}

// lookedUp hands over a look-up of the citizen.
func (e exporter) lookedUp(ctx context.Context, l Lookup) error {
	from, known := e.seats[l.Agent]
	if !known {
		var err error
		if from, err = seatOf(ctx, e.store, l.Agent); err != nil {
			return err
		}
		e.seats[l.Agent] = from
	}
	return e.to.LookedUp(LookupTold{
		ID: l.ID, At: l.At, By: l.By, Authority: from.authority, Name: from.name, Role: from.role, Reason: tellable(l.Reason, e.who),
	})
}

// seatOf finds the authority's name where it is registered.
func seatOf(ctx context.Context, store Reader, id AgentID) (seat, error) {
	agent, err := store.Agent(ctx, id)
	if err != nil {
		return seat{}, err
	}
	out := seat{authority: agent.SIRET, role: agent.Role}
	parties, err := store.Recipients(ctx, agent.SIRET, Party{}, 1)
	if err != nil || len(parties) == 0 {
		return out, err
	}
	client, err := clientFor(ctx, store, parties[0].ClientID, parties[0].Recipient)
	out.name = client.LegalName
	return out, err
}
