package consent

import (
	"context"
	"slices"
	"strings"
)

// HoldsOn are the holds in force on whoever made a rights request. It fails like
// AnyRight.
func (s *Service) HoldsOn(ctx context.Context, agent Agent, rightsID string) ([]Hold, error) {
	view, err := s.AnyRight(ctx, agent, rightsID)
	if err != nil {
		return nil, err
	}
	return s.Holds(ctx, view.Request.Subject)
}

// HoldFor puts a hold on whoever made a rights request; see SetHold.
func (s *Service) HoldFor(ctx context.Context, agent Agent, rightsID, reason string) (Hold, error) {
	view, err := s.AnyRight(ctx, agent, rightsID)
	if err != nil {
		return Hold{}, err
	}
	return s.SetHold(ctx, Hold{Subject: view.Request.Subject, Reason: reason, SetBy: string(agent.ID)})
}

// EndHold lifts one of HoldsOn, and keeps why. It fails with InvalidRequest, which
// names why, and with NotFound.
func (s *Service) EndHold(ctx context.Context, agent Agent, rightsID, holdID, why string) (Hold, error) {
	holds, err := s.HoldsOn(ctx, agent, rightsID)
	if err != nil {
		return Hold{}, err
	}
	if !slices.ContainsFunc(holds, func(h Hold) bool { return h.ID == holdID }) {
		return Hold{}, Refuse(NotFound, "", "no such hold in force")
	}
	if why = strings.TrimSpace(why); !holdReason(why) {
		return Hold{}, Refuse(InvalidRequest, "why", "between 1 and %d characters are expected", MaxHoldReason)
	}
	return s.lift(ctx, holdID, string(agent.ID), why)
}
