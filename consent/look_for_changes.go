package consent

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// WatchAsk asks a provider once.
type WatchAsk func(ctx context.Context, q Question) (ProviderAnswer, error)

// WatchTurn waits until a batch may ask a provider once more. Done ends the turn.
type WatchTurn func(ctx context.Context, set DataSet, recipient SIRET) (ask WatchAsk, done func(), err error)

// WatchReport counts what a round of looks came to.
type WatchReport struct {
	Month    Period
	Looked   int // values compared
	Changed  int // of these, values that differ from the last one
	Early    int // months not published yet: tried again when they are
	NoValue  int // no file, or nobody recognised: not tried again this month
	Troubled int // busy, failed or too late: tried again another night
	Skipped  int // over, paused, reduced, or another instance's
}

const watchedAtOnce = 100

// LookForChanges looks once a month at the value behind each consent that allows it,
// and tells the administration, by event, when it is not the one of the look before.
// Each look is recorded as an access before it is made, in the transaction that takes
// it for this instance alone, and closed with its outcome; none is made under a consent
// that is paused or over. What is kept of a value is a keyed hash. Stopped at any moment,
// it goes on where it was at the next call; a second call finds nothing. It ends at an
// instant, or with the error that kept it from asking.
func (s *Service) LookForChanges(ctx context.Context, turn WatchTurn, until time.Time) (WatchReport, error) {
	r := &round{s: s, turn: turn, until: until}
	r.report.Month = PeriodOf(s.Now())
	err := r.run(ctx)
	r.looks.Wait()
	return r.report, errors.Join(err, r.fault)
}

// round is one call of LookForChanges.
type round struct {
	s     *Service
	turn  WatchTurn
	until time.Time
	looks sync.WaitGroup

	mu     sync.Mutex
	report WatchReport
	fault  error // the database's, which ends the round
}

func (r *round) run(ctx context.Context) error {
	if err := r.s.store.Transact(ctx, func(tx Tx) error { return tx.ForgetWatches(ctx, r.s.Now()) }); err != nil {
		return err
	}
	q := WatchQuery{Month: r.report.Month, Limit: watchedAtOnce}
	for {
		q.At = r.s.Now()
		page, err := r.s.store.DueWatches(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, g := range page {
			if !r.s.Now().Before(r.until) || r.broken() {
				return nil
			}
			if err := r.begin(ctx, g); err != nil {
				return err
			}
			q.After = g.ID
		}
	}
}

func (r *round) broken() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault != nil
}

// begin waits for the turn, then looks while the next is waited for.
func (r *round) begin(ctx context.Context, g Grant) error {
	set, _ := DataSetOf(g.Details.Type)
	ask, done, err := r.turn(ctx, set, g.Details.Recipient)
	if err != nil {
		return err
	}
	r.looks.Go(func() {
		defer done()
		count, err := r.look(ctx, g.ID, ask)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil {
			r.fault = err
		} else {
			count(&r.report)
		}
	})
	return nil
}

// look is one look: taken and recorded, made, judged and closed. A panic, outside of any
// handler, is trouble like another: its record is closed as abandoned.
func (r *round) look(ctx context.Context, grantID string, ask WatchAsk) (count func(*WatchReport), err error) {
	defer func() {
		if recover() != nil {
			count, err = func(w *WatchReport) { w.Troubled++ }, nil
		}
	}()
	open, mine, err := r.s.openLook(ctx, grantID, r.report.Month)
	if err != nil || !mine {
		return func(w *WatchReport) { w.Skipped++ }, err
	}
	set, _ := DataSetOf(open.Details.Type)
	answer, fault := ask(ctx, Question{DataSet: set, Who: open.Identity, Recipient: open.Access.Recipient, Period: open.Access.Period, Parameters: open.Parameters})
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookClosing)
	defer cancel()
	return r.s.closeLook(ctx, open.Access, answer, fault)
}

// lookClosing is how long closing a record may take, whoever stops the round meanwhile.
const lookClosing = 5 * time.Second

// openLook takes the look of a month and opens its record in one transaction; false
// when it is not to be made, or another's.
func (s *Service) openLook(ctx context.Context, grantID string, month Period) (out OpenAccess, mine bool, err error) {
	err = s.store.Transact(ctx, func(tx Tx) error {
		out, mine = OpenAccess{}, false
		g, err := tx.LockGrant(ctx, grantID)
		if err != nil {
			return err
		}
		if g, err = s.watchedNow(ctx, tx, g); err != nil || !g.Details.Watch {
			return err
		}
		now := s.Now()
		if mine, err = tx.ClaimWatch(ctx, WatchClaim{Grant: g, Month: month, At: now, Until: now.Add(watchLease)}); err != nil || !mine {
			return err
		}
		set, _ := DataSetOf(g.Details.Type)
		group, _ := set.watched()
		out.Details = g.Details
		out.Access = Access{
			ID: NewID(), GrantID: g.ID, Subject: g.Subject, ClientID: g.ClientID, Recipient: g.Details.Recipient, Way: ToCompare, DataSet: g.Details.Type,
			Groups: []DataGroup{group}, Period: month, OpenedAt: now, Outcome: Open,
		}
		return s.open(ctx, tx, &out)
	})
	return out, mine && err == nil, err
}

// watchedNow is a consent under the registration as it is, whose Watch says whether it
// allows a look: at the data of our own data API only.
func (s *Service) watchedNow(ctx context.Context, tx Tx, g Grant) (Grant, error) {
	client, err := tx.Client(ctx, g.ClientID)
	if err != nil {
		return g, err
	}
	left, err := narrowFor(ctx, tx, client, g.Details)
	if CodeOf(err) == UnauthorizedClient {
		left, err = g.Details, nil
		left.Watch = false
	}
	set, _ := DataSetOf(g.Details.Type)
	left.Watch = left.Watch && g.Live(s.Now()) == nil && slices.Equal(g.Details.Locations, []string{s.location(set)})
	g.Details = left
	return g, err
}

// closeLook closes the record and settles the month together with the event. Under a
// consent that ended meanwhile nothing is compared.
func (s *Service) closeLook(ctx context.Context, a Access, answer ProviderAnswer, fault error) (count func(*WatchReport), err error) {
	err = s.store.Transact(ctx, func(tx Tx) error {
		g, err := tx.LockGrant(ctx, a.GrantID)
		if err != nil {
			return err
		}
		if g, err = s.watchedNow(ctx, tx, g); err != nil {
			return err
		}
		now := s.Now()
		found := judgeLook(a, answer, fault, now)
		if !g.Details.Watch {
			found = looked{outcome: Refused, count: func(w *WatchReport) { w.Skipped++ }}
		}
		a.Outcome, a.ClosedAt, a.ProviderRequestID = found.outcome, now, found.requestID
		if err := closeAccess(ctx, tx, a); CodeOf(err) == NotFound { // it was given up as abandoned
			count = func(w *WatchReport) { w.Troubled++ }
			return nil
		} else if err != nil {
			return err
		}
		count, err = s.settle(ctx, tx, g, a, found)
		return err
	})
	return count, err
}

// settle keeps what the look came to, and tells the administration of a change.
func (s *Service) settle(ctx context.Context, tx Tx, g Grant, a Access, found looked) (func(*WatchReport), error) {
	changed, err := tx.SettleWatch(ctx, WatchSettled{Grant: g, Month: a.Period, Again: found.again, Value: found.value})
	if err != nil || !changed {
		return found.count, err
	}
	return func(w *WatchReport) { found.count(w); w.Changed++ }, tx.AppendEvent(ctx, Event{
		At: a.ClosedAt, Type: EventChanged, ClientID: g.ClientID, Subject: g.Subject, Sub: g.Sub, GrantID: g.ID, Recipient: g.Details.Recipient,
		DataSet: g.Details.Type, Month: a.Period,
	})
}

// looked is what a look came to.
type looked struct {
	outcome   Outcome
	requestID string
	value     *string
	again     time.Time // zero: not this month
	count     func(*WatchReport)
}

// judgeLook reads the answer. A month that is not published yet is no change, and is
// looked at when it is.
func judgeLook(a Access, answer ProviderAnswer, err error, now time.Time) looked {
	out := looked{outcome: Failed, requestID: answer.RequestID, again: now.Add(watchAgain), count: func(w *WatchReport) { w.Troubled++ }}
	var fault *ProviderFault
	if errors.As(err, &fault) {
		out.outcome, out.requestID = fault.Outcome, fault.RequestID
		if from, early := fault.Early(a.Period, now); early {
			out.again, out.count = from.Start(), func(w *WatchReport) { w.Early++ }
		} else if fault.Outcome == NoFile || fault.Outcome == NotIdentified {
			out.again, out.count = time.Time{}, func(w *WatchReport) { w.NoValue++ }
		}
		return out
	}
	if value, told := answer.watchedValue(a.DataSet, a.Period); err == nil && told {
		out.outcome, out.value, out.again = Compared, &value, time.Time{}
		out.count = func(w *WatchReport) { w.Looked++ }
	}
	return out
}
