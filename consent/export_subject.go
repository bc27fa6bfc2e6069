package consent

import (
	"context"
	"time"
)

// Part names one list of an export.
type Part string

// The parts of an export, in their order.
const (
	PartRequests Part = "requests"
	PartAnswers  Part = "answers"
	PartConsents Part = "consents"
	PartAccesses Part = "consultations"
	PartRights   Part = "rights_requests"
	PartMessages Part = "rights_messages"
	PartMeasures Part = "measures"
	PartLookups  Part = "look_ups"
	PartSessions Part = "sessions"
)

// Parts are all of them.
func Parts() []Part {
	return []Part{PartRequests, PartAnswers, PartConsents, PartAccesses, PartRights, PartMessages, PartMeasures, PartLookups, PartSessions}
}

// Holdings is what an export begins with: when it was made, and who it is about as
// their last sign-in said, and the sign-in the export was asked from.
type Holdings struct {
	At       time.Time
	Identity PivotIdentity
	Session  Session
	// Address is where notices go; empty when the citizen left none.
	Address string
}

// Collector takes what the portal holds about a citizen, one thing at a time, newest
// first within a part, in the state it is in at Holdings.At. An error of its own ends the export.
type Collector interface {
	Begin(h Holdings) error
	// Part begins a list, which may stay empty.
	Part(p Part) error
	Request(r Request, who Client) error
	Answer(r Receipt) error
	Grant(g Grant, who Client) error
	// Access comes with who used the data, and with the data provider that checked
	// the consent, zero for our own data API.
	Access(a Access, who, provider Client) error
	// Right is what the citizen asked of the data protection officer.
	Right(r RightsRequest) error
	// Message is what the officer wrote about such a request, oldest first for each.
	Message(m RightsMessage, about RightsRequest) error
	// LookedUp is a look-up of the citizen by an agent.
	LookedUp(l LookupTold) error
	// Measure comes with the administration it is about, zero for all.
	Measure(m Measure, about Client) error
	// SignedIn is one place where the citizen is signed in.
	SignedIn(s Session) error
	End() error
}

// ExportSubject hands all that is held about a citizen to a collector (GDPR articles
// 15 and 20). The export itself is evidence, recorded before the first thing leaves.
// An erasure meanwhile is refused for ExportLease, which is also all the time there is:
// no export is cut in half by it. After one it fails with NotFound.
func (s *Service) ExportSubject(ctx context.Context, session Session, to Collector) error {
	now, subject := s.Now(), session.Subject
	if subject == "" {
		return Refuse(SignInRequired, "", "no citizen is signed in")
	}
	ctx, done := context.WithTimeout(ctx, ExportLease)
	defer done()
	err := s.store.Transact(ctx, func(tx Tx) error {
		if err := tx.NoteExport(ctx, subject, now.Add(ExportLease)); err != nil {
			return err
		}
		return tx.AppendLedger(ctx, LedgerEntry{At: now, Kind: EntryExport, Subject: subject, Ref: NewID()})
	})
	if err != nil {
		return err
	}
	held, err := s.holdings(ctx, session)
	if err != nil {
		return err
	}
	return newExporter(now, s.store, subject, to).run(ctx, held, Parts())
}

func (s *Service) holdings(ctx context.Context, session Session) (Holdings, error) {
	out := Holdings{At: s.Now(), Session: session}
	var err error
	if out.Identity, err = s.store.Identity(ctx, session.Subject); err != nil {
		return out, err
	}
	contact, err := contactOf(ctx, s.store, session.Subject)
	out.Address = contact.Address
	return out, err
}

// contactOf is where notices go; zero when the citizen left no address.
func contactOf(ctx context.Context, store Reader, subject SubjectID) (Contact, error) {
	c, err := store.Contact(ctx, subject)
	if CodeOf(err) == NotFound {
		return Contact{}, nil
	}
	return c, err
}

// exporter reads part after part, and each party once.
type exporter struct {
	now     time.Time
	store   Reader
	subject SubjectID
	who     PivotIdentity
	to      Collector
	known   map[Party]Client
	seats   map[AgentID]seat
}

func newExporter(now time.Time, store Reader, subject SubjectID, to Collector) exporter {
	return exporter{now: now, store: store, subject: subject, to: to, known: map[Party]Client{}, seats: map[AgentID]seat{}}
}

// run hands some parts over, in their order.
func (e exporter) run(ctx context.Context, held Holdings, parts []Part) error {
	e.who = held.Identity
	if err := e.to.Begin(held); err != nil {
		return err
	}
	for _, p := range parts {
		if err := e.to.Part(p); err != nil {
			return err
		}
		if err := e.part(ctx, p); err != nil {
			return err
		}
	}
	return e.to.End()
}

func (e exporter) part(ctx context.Context, p Part) error {
	switch p {
	case PartRequests:
		return pages(func(after Request) ([]Request, error) { return e.store.Requests(ctx, e.subject, after, readAtOnce) },
			func(r Request) error {
				r.Status = r.StatusAt(e.now)
				return e.named(ctx, r.Party(), func(c Client) error { return e.to.Request(r, c) })
			})
	case PartAnswers:
		return pages(func(after Decision) ([]Decision, error) { return e.store.Decisions(ctx, e.subject, after, readAtOnce) },
			func(d Decision) error { return e.answer(ctx, d) })
	case PartAccesses:
		return pages(func(after Access) ([]Access, error) { return e.store.Accesses(ctx, e.subject, "", after, readAtOnce) },
			func(a Access) error { return e.access(ctx, a) })
	case PartRights:
		return eachAsked(ctx, e.store, e.subject, e.to.Right)
	case PartMessages:
		return eachAsked(ctx, e.store, e.subject, func(r RightsRequest) error { return e.messages(ctx, r) })
	case PartMeasures:
		return pages(func(after Measure) ([]Measure, error) { return e.store.PastMeasures(ctx, e.subject, after, readAtOnce) },
			func(m Measure) error { return e.measure(ctx, m) })
	case PartLookups:
		return pages(func(after Lookup) ([]Lookup, error) { return e.store.LookupsOn(ctx, e.subject, after, readAtOnce) },
			func(l Lookup) error { return e.lookedUp(ctx, l) })
	case PartSessions:
		list, err := e.store.Sessions(ctx, e.subject, e.now)
		return each(list, err, e.to.SignedIn)
	}
	return pages(func(after Grant) ([]Grant, error) {
		return e.store.Grants(ctx, GrantQuery{Subject: e.subject, All: true, From: after, Limit: readAtOnce})
	}, func(g Grant) error {
		g.Status = g.StatusAt(e.now)
		return e.named(ctx, g.Party(), func(c Client) error { return e.to.Grant(g, c) })
	})
}

func (e exporter) measure(ctx context.Context, m Measure) error {
	if m.Of == (Party{}) {
		return e.to.Measure(m, Client{})
	}
	return e.named(ctx, m.Of, func(c Client) error { return e.to.Measure(m, c) })
}

func (e exporter) answer(ctx context.Context, d Decision) error {
	receipt, err := receiptOf(ctx, e.store, d)
	if err != nil {
		return err
	}
	return e.to.Answer(receipt)
}

func (e exporter) access(ctx context.Context, a Access) error {
	return e.named(ctx, a.Party(), func(who Client) error {
		if a.ProviderID == "" {
			return e.to.Access(a, who, Client{})
		}
		return e.named(ctx, a.Asker(), func(provider Client) error { return e.to.Access(a, who, provider) })
	})
}

// messages are what was written about a request.
func (e exporter) messages(ctx context.Context, about RightsRequest) error {
	list, err := e.store.RightsMessages(ctx, e.subject, about.ID)
	return each(list, err, func(m RightsMessage) error { return e.to.Message(m, about) })
}

// named finds a party and goes on with it.
func (e exporter) named(ctx context.Context, p Party, next func(Client) error) error {
	c, known := e.known[p]
	if !known {
		var err error
		if c, err = clientFor(ctx, e.store, p.ClientID, p.Recipient); err != nil {
			return err
		}
		e.known[p] = c
	}
	return next(c)
}

// each hands over a list that is short enough to be read at once.
func each[T any](list []T, err error, hand func(T) error) error {
	for _, item := range list {
		if err = hand(item); err != nil {
			return err
		}
	}
	return err
}
