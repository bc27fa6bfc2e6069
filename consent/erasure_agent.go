package consent

import "context"

// maxErasureRequests bounds what the page of erasures lists.
const maxErasureRequests = 100

// ErasureRequests are citizens' open requests to be erased that nobody took up, by
// the last day to answer, at most maxErasureRequests: those of other rights that come
// before do not hide them.
func (s *Service) ErasureRequests(ctx context.Context, agent Agent) (out []RightsRequest, err error) {
	taken, err := s.store.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, e := range taken {
		known[e.RightsID] = true
	}
	for after := (RightsRequest{}); ; {
		open, err := s.RightsQueue(ctx, agent, RightsOpen, after, readAtOnce)
		if err != nil {
			return nil, err
		}
		for _, r := range open {
			if r.Right == RightErasure && !known[r.ID] {
				out = append(out, r)
			}
		}
		if len(open) < readAtOnce || len(out) >= maxErasureRequests {
			return out[:min(len(out), maxErasureRequests)], nil
		}
		after = open[len(open)-1]
	}
}

// ProposeErasure takes up a citizen's request; see AskErasure.
func (s *Service) ProposeErasure(ctx context.Context, agent Agent, rightsID string) (Erasure, error) {
	view, err := s.AnyRight(ctx, agent, rightsID)
	if err != nil {
		return Erasure{}, err
	}
	return s.AskErasure(ctx, view.Request.Subject, rightsID, string(agent.ID))
}

// WaitingErasures are those that wait for a second agent, oldest first. They name
// nobody.
func (s *Service) WaitingErasures(ctx context.Context, agent Agent) ([]Erasure, error) {
	if _, err := agent.May(DutyErasures); err != nil {
		return nil, err
	}
	return s.store.Erasures(ctx)
}

// WaitingErasure is one of them, with what would go and what the law keeps.
func (s *Service) WaitingErasure(ctx context.Context, agent Agent, id string) (e Erasure, kept []Kept, err error) {
	list, err := s.WaitingErasures(ctx, agent)
	if err != nil {
		return e, nil, err
	}
	for _, e := range list {
		if e.ID == id {
			kept, err = s.Kept(ctx, e.Subject)
			return e, kept, err
		}
	}
	return e, nil, Refuse(NotFound, "", "no such erasure waits")
}

// ApproveErasure carries an erasure out that another person asked for; see
// EraseSubject. Two registrations of one address are one person.
func (s *Service) ApproveErasure(ctx context.Context, agent Agent, id string) (Erasure, error) {
	waiting, err := s.WaitingErasures(ctx, agent)
	if err != nil {
		return Erasure{}, err
	}
	for _, e := range waiting {
		if e.ID != id {
			continue
		}
		asker, err := s.store.Agent(ctx, AgentID(e.AskedBy))
		if err == nil && FoldEmail(asker.Email) == FoldEmail(agent.Email) {
			err = Refuse(SameAgent, "by", "the same person, registered twice")
		}
		if err != nil && CodeOf(err) != NotFound { // not registered: asked with the operator's tool
			return Erasure{}, err
		}
	}
	return s.EraseSubject(ctx, id, string(agent.ID))
}
