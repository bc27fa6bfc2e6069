package consent

import (
	"context"
	"time"
)

// LookupKept is how long what an agent looked up stays open to them; afterwards they
// look the person up again, with a reason.
const LookupKept = 24 * time.Hour

// LookedUp is one of the agent's own look-ups that found somebody, within LookupKept;
// NotFound otherwise. Pages about a person are reached through it alone.
func (s *Service) LookedUp(ctx context.Context, agent Agent, id string) (Lookup, error) {
	if _, err := agent.May(DutySubjects); err != nil {
		return Lookup{}, err
	}
	l, err := s.store.Lookup(ctx, agent.ID, id)
	if err != nil {
		return Lookup{}, err
	}
	if l.Subject == "" || !s.Now().Before(l.At.Add(LookupKept)) {
		return Lookup{}, Refuse(NotFound, "", "look the person up again")
	}
	return l, nil
}

// Person is a look-up and who it found, as their last sign-in said: the agent holds
// that against the person's papers before anything else. It fails like LookedUp, also
// when the person was erased meanwhile.
func (s *Service) Person(ctx context.Context, agent Agent, lookupID string) (Lookup, PivotIdentity, error) {
	l, err := s.LookedUp(ctx, agent, lookupID)
	if err != nil {
		return Lookup{}, PivotIdentity{}, err
	}
	who, err := s.store.Identity(ctx, l.Subject)
	return l, who, err
}
