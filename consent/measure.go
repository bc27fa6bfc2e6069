package consent

import (
	"context"
	"slices"
	"time"
)

// Measure is what an accepted right does for as long as it holds. A restriction leaves
// only storage (GDPR article 18(2)): nothing is sent under the consents it covers. An
// objection (article 21) ended them. Neither lets the administration ask again.
type Measure struct {
	ID      string
	Subject SubjectID
	Right   Right // RightRestriction or RightObjection
	// Of is the administration as the citizen knows it; zero for all. It is told by its
	// SIRET, whoever asks in its name.
	Of       Party
	RightsID string  // the request it answers; empty when the citizen objected here
	SetBy    AgentID // empty when the citizen objected here
	SetAt    time.Time
	// LiftAskedAt is when the citizen asked for a restriction to be lifted; zero when
	// they did not, or that was refused.
	LiftAskedAt time.Time
	LiftedBy    AgentID   // empty when the citizen lifted it, or an erasure ended it
	LiftedAt    time.Time // zero while it holds
}

// LiftNotice is how long before a restriction is lifted its citizen is told, unless they
// asked for it (GDPR article 18(3) wants them told before, and names no time).
const LiftNotice = 7 * 24 * time.Hour

// Covers tells whether it speaks of an administration.
func (m Measure) Covers(recipient SIRET) bool {
	return m.Of.Recipient == "" || m.Of.Recipient == recipient
}

// begins and ends are the facts that are evidence.
func (m Measure) begins() EntryKind {
	if m.Right == RightObjection {
		return EntryObjection
	}
	return EntryRestriction
}

func (m Measure) ends() EntryKind {
	if m.Right == RightObjection {
		return EntryObjectionLifted
	}
	return EntryRestrictionLifted
}

func (m Measure) entry(kind EntryKind, at time.Time) LedgerEntry {
	return LedgerEntry{At: at, Kind: kind, Subject: m.Subject, ClientID: m.Of.ClientID, Ref: m.ID, RequestID: m.RightsID}
}

// MeasureList is what holds, with the names of the administrations.
type MeasureList struct {
	Measures []Measure // in force, oldest first
	// Askers are the administrations that ever asked, one client for each.
	Askers  []Party
	Clients map[Party]Client
}

// Measures are what restricts the citizen's sharing, or keeps administrations from
// asking, and whom they may object to.
func (s *Service) Measures(ctx context.Context, subject SubjectID) (MeasureList, error) {
	out := MeasureList{Clients: map[Party]Client{}}
	var err error
	if out.Measures, err = s.store.Measures(ctx, subject); err != nil {
		return out, err
	}
	if out.Askers, err = askedBy(ctx, s.store, subject); err != nil {
		return out, err
	}
	named := slices.Clone(out.Askers)
	for _, m := range out.Measures {
		if m.Of.ClientID != "" {
			named = append(named, m.Of)
		}
	}
	return out, s.name(ctx, out.Clients, named)
}

// InForce are the measures that hold, for pages that only mention them.
func (s *Service) InForce(ctx context.Context, subject SubjectID) ([]Measure, error) {
	return s.store.Measures(ctx, subject)
}

// askedBy are the administrations that ever asked a citizen, each once.
func askedBy(ctx context.Context, store Reader, subject SubjectID) (out []Party, err error) {
	all, err := store.Askers(ctx, subject)
	for _, p := range all {
		if !slices.ContainsFunc(out, func(known Party) bool { return known.Recipient == p.Recipient }) {
			out = append(out, p)
		}
	}
	return out, err
}

// set begins a measure with all that follows from it, once its citizen is locked: no
// consent is given meanwhile that it would miss (see Service.grant). One that holds
// already is returned as it is. It fails with InvalidRequest, which names
// administration, for one that never asked.
func (s *Service) set(ctx context.Context, tx Tx, m Measure) (Measure, error) {
	if err := knownAsker(ctx, tx, m); err != nil {
		return Measure{}, err
	}
	held, err := tx.Measures(ctx, m.Subject)
	if err != nil {
		return Measure{}, err
	}
	same := func(h Measure) bool { return h.Right == m.Right && h.Of.Recipient == m.Of.Recipient }
	if i := slices.IndexFunc(held, same); i >= 0 {
		return held[i], nil
	}
	m.ID, m.SetAt = NewID(), s.Now()
	if err := tx.InsertMeasure(ctx, m); err != nil {
		return Measure{}, err
	}
	if err := tx.AppendLedger(ctx, m.entry(m.begins(), m.SetAt)); err != nil {
		return Measure{}, err
	}
	if err := s.closeOpen(ctx, tx, m); err != nil {
		return Measure{}, err
	}
	if m.Right == RightObjection {
		return m, s.endCovered(ctx, tx, m)
	}
	return m, s.restrict(ctx, tx, m)
}

func knownAsker(ctx context.Context, tx Tx, m Measure) error {
	if m.Of == (Party{}) {
		return nil
	}
	askers, err := tx.Askers(ctx, m.Subject)
	if err == nil && !slices.Contains(askers, m.Of) {
		err = Refuse(InvalidRequest, "administration", "not one that ever asked this person")
	}
	return err
}

// lifted ends a measure, by an agent or by the citizen.
func (s *Service) lifted(ctx context.Context, tx Tx, m Measure, by AgentID) error {
	m.LiftedBy, m.LiftedAt = by, s.Now()
	if err := tx.UpdateMeasure(ctx, m); err != nil {
		return err
	}
	if err := tx.AppendLedger(ctx, m.entry(m.ends(), m.LiftedAt)); err != nil {
		return err
	}
	if m.Right == RightRestriction {
		return s.free(ctx, tx, m.Subject)
	}
	return nil
}

// heldMeasure locks a measure that must still hold. It fails with NotFound otherwise.
func heldMeasure(ctx context.Context, tx Tx, subject SubjectID, id string, right Right) (Measure, error) {
	m, err := tx.LockMeasure(ctx, subject, id)
	if err == nil && (m.Right != right || !m.LiftedAt.IsZero()) {
		err = Refuse(NotFound, "", "no such measure in force")
	}
	return m, err
}
