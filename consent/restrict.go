package consent

import (
	"context"
	"time"
)

// AcceptRight carries out what a citizen asked: a restriction (GDPR article 18) or an
// objection (article 21), on one administration, or on all when `of` is zero. The
// answer to the citizen, which closes the request, and all that follows commit
// together. It fails like WriteRight, and with InvalidRequest, which names right for
// another right or for the end of a restriction, or administration for one that never
// asked this person.
func (s *Service) AcceptRight(ctx context.Context, agent Agent, rightsID string, of Party, text string) (m Measure, err error) {
	view, err := s.AnyRight(ctx, agent, rightsID)
	if err != nil {
		return Measure{}, err
	}
	r := view.Request
	if r.Right != RightRestriction && r.Right != RightObjection {
		return Measure{}, Refuse(InvalidRequest, "right", "neither a restriction nor an objection")
	}
	if r.Lifts != "" {
		return Measure{}, Refuse(InvalidRequest, "right", "asks for a restriction to be lifted")
	}
	answer := RightsMessage{ID: NewID(), Request: r.ID, Agent: agent.ID, Kind: RightsAnswer, At: s.Now(), Text: text}
	if err := answer.check(); err != nil {
		return Measure{}, err
	}
	err = s.store.Transact(ctx, func(tx Tx) error {
		if _, err := tx.LockSubject(ctx, r.Subject); err != nil {
			return err
		}
		if err := reply(ctx, tx, answer); err != nil {
			return err
		}
		m, err = s.set(ctx, tx, Measure{Subject: r.Subject, Right: r.Right, Of: of, RightsID: r.ID, SetBy: agent.ID})
		return err
	})
	return m, err
}

// restrict stops what the measure covers. A consent that is used or over by its date is
// restricted too: its use may be given back.
func (s *Service) restrict(ctx context.Context, tx Tx, m Measure) error {
	grants, err := tx.RestrictGrants(ctx, m.Subject, m.Of.Recipient, m.SetAt)
	if err != nil {
		return err
	}
	return told(ctx, tx, EntryRestricted, m.SetAt, grants)
}

// free lets consents serve again that no restriction covers any more.
func (s *Service) free(ctx context.Context, tx Tx, subject SubjectID) error {
	left, err := tx.Measures(ctx, subject)
	if err != nil {
		return err
	}
	but := []SIRET{}
	for _, m := range left {
		if m.Right != RightRestriction {
			continue
		}
		if m.Of.Recipient == "" {
			return nil
		}
		but = append(but, m.Of.Recipient)
	}
	grants, err := tx.FreeGrants(ctx, subject, but)
	if err != nil {
		return err
	}
	return told(ctx, tx, EntryFreed, s.Now(), grants)
}

func told(ctx context.Context, tx Tx, kind EntryKind, at time.Time, grants []Grant) error {
	for _, g := range grants {
		entry := LedgerEntry{At: at, Kind: kind, Subject: g.Subject, ClientID: g.ClientID, Ref: g.ID, GrantID: g.ID}
		if err := tx.AppendLedger(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}
