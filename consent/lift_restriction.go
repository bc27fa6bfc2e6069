package consent

import (
	"context"
	"time"
)

// HeldMeasure is a measure in force as an officer sees it.
type HeldMeasure struct {
	Measure
	// Told is when the citizen was told that the restriction will be lifted; zero when
	// they were not.
	Told time.Time
	// AskedIn is the citizen's open request to lift it; empty when there is none.
	AskedIn string
}

// LiftableFrom is from when on the officer may lift it: when the citizen asked for it, or
// once they were told and had LiftNotice. Zero when neither.
func (m HeldMeasure) LiftableFrom() time.Time {
	if m.AskedIn != "" {
		return m.LiftAskedAt
	}
	if m.Told.IsZero() || !m.LiftAskedAt.IsZero() {
		return m.Told
	}
	return m.Told.Add(LiftNotice)
}

// MeasuresOn are the measures in force on whoever made a rights request, with whom the
// officer may set one on. It fails like AnyRight.
func (s *Service) MeasuresOn(ctx context.Context, agent Agent, rightsID string) (held []HeldMeasure, list MeasureList, err error) {
	view, err := s.AnyRight(ctx, agent, rightsID)
	if err != nil {
		return nil, list, err
	}
	if list, err = s.Measures(ctx, view.Request.Subject); err != nil {
		return nil, list, err
	}
	for _, m := range list.Measures {
		h, err := withNotice(ctx, s.store, m)
		if err != nil {
			return nil, list, err
		}
		held = append(held, h)
	}
	return held, list, nil
}

// withNotice finds when its citizen was told last, and in what they ask for its end.
func withNotice(ctx context.Context, store Reader, m Measure) (HeldMeasure, error) {
	out := HeldMeasure{Measure: m}
	if m.RightsID == "" {
		return out, nil
	}
	asked, err := askedToLift(ctx, store, m)
	if err != nil {
		return out, err
	}
	out.AskedIn = asked.ID
	messages, err := store.RightsMessages(ctx, m.Subject, m.RightsID)
	for _, msg := range messages {
		if msg.Kind == RightsLifting && !msg.At.Before(m.SetAt) {
			out.Told = msg.At
		}
	}
	return out, err
}

// AnnounceLifting tells the citizen that a restriction will be lifted, and why, on the
// request that it answered (GDPR article 18(3)). It fails like AnyRight, with NotFound
// when no such restriction holds on whoever made that request, and with InvalidRequest,
// which names text.
func (s *Service) AnnounceLifting(ctx context.Context, agent Agent, rightsID, measureID, why string) error {
	view, err := s.AnyRight(ctx, agent, rightsID)
	if err != nil {
		return err
	}
	notice := RightsMessage{ID: NewID(), Agent: agent.ID, Kind: RightsLifting, At: s.Now(), Text: why}
	if err := notice.check(); err != nil {
		return err
	}
	return s.store.Transact(ctx, func(tx Tx) error {
		m, err := heldMeasure(ctx, tx, view.Request.Subject, measureID, RightRestriction)
		if err != nil {
			return err
		}
		notice.Request = m.RightsID
		return reply(ctx, tx, notice)
	})
}

// LiftRestriction lifts a restriction that the citizen was told of, or at once when they
// asked for it: then `answer` is the answer to that request, and closes it, in the same
// transaction. It fails like AnyRight, with NotFound when no such restriction holds on
// whoever made the rights request, and with InvalidRequest, which names notice before
// LiftableFrom, or text for an answer that is not one.
func (s *Service) LiftRestriction(ctx context.Context, agent Agent, rightsID, measureID, answer string) error {
	view, err := s.AnyRight(ctx, agent, rightsID)
	if err != nil {
		return err
	}
	return s.store.Transact(ctx, func(tx Tx) error {
		if _, err := tx.LockSubject(ctx, view.Request.Subject); err != nil {
			return err
		}
		m, err := heldMeasure(ctx, tx, view.Request.Subject, measureID, RightRestriction)
		if err != nil {
			return err
		}
		h, err := withNotice(ctx, tx, m)
		if err != nil {
			return err
		}
		if err := s.tellLifted(ctx, tx, agent, h, answer); err != nil {
			return err
		}
		return s.lifted(ctx, tx, m, agent.ID)
	})
}

// tellLifted answers whoever asked for it, before it is lifted; whoever did not must have
// been told (GDPR article 18(3)).
func (s *Service) tellLifted(ctx context.Context, tx Tx, agent Agent, h HeldMeasure, answer string) error {
	if h.AskedIn == "" {
		if from := h.LiftableFrom(); from.IsZero() || s.Now().Before(from) {
			return Refuse(InvalidRequest, "notice", "the citizen is told before, with %d days to answer", int(LiftNotice.Hours()/24))
		}
		return nil
	}
	m := RightsMessage{ID: NewID(), Request: h.AskedIn, Agent: agent.ID, Kind: RightsAnswer, At: s.Now(), Text: answer}
	if err := m.check(); err != nil {
		return err
	}
	return reply(ctx, tx, m)
}
