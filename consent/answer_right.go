package consent

import (
	"context"
	"time"
)

// The term of an answer, in months, and how much longer it may be made (GDPR article
// 12(3)).
const (
	rightsMonths     = 1
	rightsMoreMonths = 2
)

// maxRightsPast is how old a request may be that an officer enters, in months.
const maxRightsPast = 12

// EnterRight enters a request that came by letter or otherwise from a person the agent
// looked up. The term runs from the day it was received. It fails like LookedUp, and
// with InvalidRequest, which names right, message or received_on.
func (s *Service) EnterRight(ctx context.Context, agent Agent, lookupID string, right Right, message string, receivedOn Date) (RightsRequest, error) {
	if _, err := agent.May(DutyRights); err != nil {
		return RightsRequest{}, err
	}
	l, err := s.LookedUp(ctx, agent, lookupID)
	if err != nil {
		return RightsRequest{}, err
	}
	today := DateOf(s.Now())
	if receivedOn.IsZero() || receivedOn.After(today) || today.After(receivedOn.AddMonths(maxRightsPast)) {
		return RightsRequest{}, Refuse(InvalidRequest, "received_on", "not a day of the past %d months", maxRightsPast)
	}
	r, err := newRight(l.Subject, right, message, receivedOn.Time())
	if err != nil {
		return RightsRequest{}, err
	}
	r.EnteredBy = agent.ID
	return r, s.openRight(ctx, r)
}

// WriteRight writes to the citizen about a request, and extends or closes it by the
// message's kind. It fails with RoleNotAllowed, NotFound, and what RightsMessage.check,
// RightsRequest.after and replyOnLifting say.
func (s *Service) WriteRight(ctx context.Context, agent Agent, requestID string, kind RightsMessageKind, text string) error {
	if _, err := agent.May(DutyRights); err != nil {
		return err
	}
	if kind == RightsLifting {
		return Refuse(InvalidRequest, "kind", "a lifting is announced with its restriction")
	}
	m := RightsMessage{ID: NewID(), Request: requestID, Agent: agent.ID, Kind: kind, At: s.Now(), Text: text}
	if err := m.check(); err != nil {
		return err
	}
	return s.store.Transact(ctx, func(tx Tx) error {
		r, err := tx.AnyRight(ctx, requestID) // what it asks never changes
		switch {
		case err != nil:
			return err
		case r.Lifts != "":
			return replyOnLifting(ctx, tx, r, m)
		}
		return reply(ctx, tx, m)
	})
}

// reply writes a message that was checked, and what it makes of its request.
func reply(ctx context.Context, tx Tx, m RightsMessage) error {
	r, err := tx.LockRight(ctx, m.Request)
	if err != nil {
		return err
	}
	if r, err = r.after(m); err != nil {
		return err
	}
	m.Subject = r.Subject
	if err := tx.InsertRightsMessage(ctx, m); err != nil {
		return err
	}
	if err := tx.AppendLedger(ctx, LedgerEntry{At: m.At, Kind: EntryRightsMessage, Subject: m.Subject, Ref: m.ID, RequestID: r.ID}); err != nil {
		return err
	}
	if m.Kind == RightsNews || m.Kind == RightsLifting {
		return nil
	}
	if err := tx.UpdateRight(ctx, r); err != nil {
		return err
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: m.At, Kind: EntryRights, Subject: r.Subject, Ref: r.ID})
}

// RightsView is one request with what was written about it, oldest first.
type RightsView struct {
	Request  RightsRequest
	Messages []RightsMessage
	Language string // of the citizen's notices, for the officer; empty when not known
	// Lifts is the restriction whose end is asked, with the administration it is about,
	// zero for all; zero when something else is asked, or once it was purged.
	Lifts Measure
	Of    Client
}

// RightsQueue are requests of everybody's, by the last day to answer when they are
// open, newest first otherwise; those after `after` when it is not zero.
func (s *Service) RightsQueue(ctx context.Context, agent Agent, state RightsState, after RightsRequest, limit int) ([]RightsRequest, error) {
	if _, err := agent.May(DutyRights); err != nil {
		return nil, err
	}
	return s.store.RightsQueue(ctx, state, after, limit)
}

// AnyRight is one request of anybody's, for the officer who answers it.
func (s *Service) AnyRight(ctx context.Context, agent Agent, id string) (v RightsView, err error) {
	if _, err := agent.May(DutyRights); err != nil {
		return v, err
	}
	r, err := s.store.AnyRight(ctx, id)
	if err != nil {
		return v, err
	}
	if v, err = s.viewed(ctx, r); err != nil {
		return v, err
	}
	contact, err := contactOf(ctx, s.store, v.Request.Subject)
	v.Language = contact.Language
	return v, err
}

// Right is one of the citizen's own requests; NotFound for anybody else's.
func (s *Service) Right(ctx context.Context, subject SubjectID, id string) (RightsView, error) {
	r, err := s.store.AnyRight(ctx, id)
	if err == nil && r.Subject != subject {
		err = Refuse(NotFound, "", "no such thing")
	}
	if err != nil {
		return RightsView{}, err
	}
	return s.viewed(ctx, r)
}

// viewed adds what was written about a request, and the restriction it speaks of.
func (s *Service) viewed(ctx context.Context, r RightsRequest) (v RightsView, err error) {
	v.Request = r
	if v.Messages, err = s.store.RightsMessages(ctx, r.Subject, r.ID); err != nil || r.Lifts == "" {
		return v, err
	}
	v.Lifts, err = s.store.Measure(ctx, r.Subject, r.Lifts)
	if CodeOf(err) == NotFound {
		return v, nil
	}
	if err == nil && v.Lifts.Of != (Party{}) {
		v.Of, err = clientFor(ctx, s.store, v.Lifts.Of.ClientID, v.Lifts.Of.Recipient)
	}
	return v, err
}

// openRight keeps a new request.
func (s *Service) openRight(ctx context.Context, r RightsRequest) error {
	return s.store.Transact(ctx, func(tx Tx) error { return s.addRight(ctx, tx, r) })
}

func (s *Service) addRight(ctx context.Context, tx Tx, r RightsRequest) error {
	waiting, err := waitingRights(ctx, tx, r.Subject)
	if err != nil {
		return err
	}
	if waiting >= MaxOpenRights {
		return Refuse(TooMany, "", "%d requests wait for an answer", MaxOpenRights)
	}
	if err := tx.InsertRightsRequest(ctx, r); err != nil {
		return err
	}
	return tx.AppendLedger(ctx, LedgerEntry{At: s.Now(), Kind: EntryRights, Subject: r.Subject, Ref: r.ID})
}

// newRight checks what is asked; the term runs from at.
func newRight(subject SubjectID, right Right, message string, at time.Time) (RightsRequest, error) {
	message, err := checkRight(right, message)
	return RightsRequest{
		ID: NewID(), Subject: subject, Right: right, Message: message, State: RightsOpen, AskedAt: at, DueOn: DateOf(at).AddMonths(rightsMonths),
	}, err
}
