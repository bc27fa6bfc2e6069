package consent

import (
	"context"
	"slices"
)

// Officer is the platform's data protection officer who has an address, and signed in
// with it: whoever acts in their name with the operator's tool names a person that is
// registered. That the officer agreed is not shown by it. It fails with AgentUnknown
// when nobody has the address now, and with RoleNotAllowed when only others do.
func (s *Service) Officer(ctx context.Context, address string) (Agent, error) {
	known, err := s.store.AgentsByEmail(ctx, FoldEmail(address))
	if err != nil {
		return Agent{}, err
	}
	active := slices.DeleteFunc(known, func(a Agent) bool { return a.State(s.Now()) != AgentActive })
	if len(active) == 0 {
		return Agent{}, Refuse(AgentUnknown, "", "nobody active is registered with this address")
	}
	i := slices.IndexFunc(active, func(a Agent) bool { return a.Role == RolePlatformDPO })
	if i < 0 {
		return Agent{}, Refuse(RoleNotAllowed, "", "this is the work of a %s", RolePlatformDPO)
	}
	return active[i], nil
}
