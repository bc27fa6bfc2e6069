package consent

import (
	"context"
	"time"
)

// Figure is what is counted of an authority.
type Figure string

// The figures. Each is counted in the month it happened in.
const (
	FigureRequests    Figure = "requests"    // questions that were put
	FigureGrants      Figure = "grants"      // consents that were given
	FigureRefusals    Figure = "refusals"    // answers “no”
	FigureWithdrawals Figure = "withdrawals" // consents that their citizens took back
	FigureAccesses    Figure = "accesses"    // consultations that released data, or told a provider that they may be
)

// Figures are all of them.
func Figures() []Figure {
	return []Figure{FigureRequests, FigureGrants, FigureRefusals, FigureWithdrawals, FigureAccesses}
}

// Place is one cell of the statistics. Purpose and Group are of accesses only: an
// access without a Purpose is one for any, without a Group one of any data.
type Place struct {
	Month   Period
	Figure  Figure
	Purpose string
	Group   DataGroup
}

// Tally is what a store counts in a cell. It may speak of one person: Disclose says
// what of it may be told.
type Tally struct {
	Place
	Count   int
	Persons int // who are known; an unseen request is of nobody
	// In a cell of a group, of its purpose and its data set: persons with an access without
	// it, and with any.
	Others, InSet int
}

// StatisticsQuery is what to count: one authority's, from an instant to before another.
type StatisticsQuery struct {
	Recipient    SIRET
	Since, Until time.Time
}

// Holds reports whether something of an authority is counted.
func (q StatisticsQuery) Holds(recipient SIRET, at time.Time) bool {
	return recipient == q.Recipient && !at.Before(q.Since) && at.Before(q.Until)
}

// Statistics are the figures of one authority, as they may be told.
type Statistics struct {
	Client Client   // one of the authority's registrations
	Months []Period // oldest first
	cells  map[Place]Shown
}

// At is a cell; what did not happen is a zero that is shown.
func (s Statistics) At(p Place) Shown { return s.cells[p] }

// Over are a cell's counts in each month, whatever its own.
func (s Statistics) Over(p Place) (out []Shown) {
	for _, p.Month = range s.Months {
		out = append(out, s.At(p))
	}
	return out
}

// Purposes are those the authority is registered for, or made use of.
func (s Statistics) Purposes() (out []Purpose) {
	used := map[string]bool{}
	for place := range s.cells {
		used[place.Purpose] = true
	}
	for _, p := range Purposes() {
		if s.Client.Registered(p.ID) || used[p.ID] {
			out = append(out, p)
		}
	}
	return out
}

// Places are all cells of a month, in the order they are told.
func (s Statistics) Places(month Period) (out []Place) {
	for _, f := range Figures() {
		out = append(out, Place{Month: month, Figure: f})
	}
	for _, p := range s.Purposes() {
		out = append(out, Place{Month: month, Figure: FigureAccesses, Purpose: p.ID})
		for _, g := range p.Groups {
			out = append(out, Place{Month: month, Figure: FigureAccesses, Purpose: p.ID, Group: g})
		}
	}
	return out
}

// statisticsMonths is how many months are counted unless one says otherwise.
const statisticsMonths = 12

// LastCounted is the last month that statistics speak of: the one before now's. A month
// under way would tell, from one look to the next, what one person just did.
func LastCounted(now time.Time) Period { return PeriodOf(now).AddMonths(-1) }

// FirstCounted is the first one: as far back as accesses are kept.
func FirstCounted(now time.Time) Period { return PeriodOf(now).AddMonths(-EvidenceMonths) }

// Span is which months are counted, both inclusive; the zero Span is the last twelve.
type Span struct{ First, Last Period }

// months fails with InvalidRequest, which names from or to.
func (s *Service) months(span Span) (out []Period, err error) {
	first, last := FirstCounted(s.Now()), LastCounted(s.Now())
	if span.Last == (Period{}) {
		span.Last = last
	}
	if span.First == (Period{}) {
		if span.First = span.Last.AddMonths(1 - statisticsMonths); first.After(span.First) {
			span.First = first
		}
	}
	switch {
	case span.Last.After(last):
		return nil, Refuse(InvalidRequest, "to", "this month is not over")
	case first.After(span.First):
		return nil, Refuse(InvalidRequest, "from", "before what is kept")
	case span.First.After(span.Last):
		return nil, Refuse(InvalidRequest, "to", "before the first month")
	}
	for m := span.First; !m.After(span.Last); m = m.AddMonths(1) {
		out = append(out, m)
	}
	return out, nil
}

// Statistics counts what an authority did. It fails with RoleNotAllowed and
// OtherAuthority, with NotFound when the authority is not registered, and with
// InvalidRequest, which names from or to.
func (s *Service) Statistics(ctx context.Context, by Agent, authority SIRET, span Span) (Statistics, error) {
	scope, err := by.May(DutyRegister)
	if err == nil {
		err = scope.Covers(authority)
	}
	if err != nil {
		return Statistics{}, err
	}
	months, err := s.months(span)
	if err != nil {
		return Statistics{}, err
	}
	known, err := s.registered(ctx, authority, Party{}, 1)
	if err == nil && len(known) == 0 {
		err = Refuse(NotFound, "", "no administration of this SIRET is registered")
	}
	if err != nil {
		return Statistics{}, err
	}
	return s.count(ctx, known[0], months)
}

func (s *Service) count(ctx context.Context, c Client, months []Period) (Statistics, error) {
	tallies, err := s.store.Statistics(ctx, StatisticsQuery{Recipient: c.SIRET, Since: months[0].Start(), Until: months[len(months)-1].AddMonths(1).Start()})
	return Statistics{Client: c, Months: months, cells: Disclose(tallies)}, err
}

// EachStatistics hands over the figures of every authority the agent may see, by SIRET.
// It needs the memory of one. An error of each ends it.
func (s *Service) EachStatistics(ctx context.Context, by Agent, span Span, each func(Statistics) error) error {
	months, err := s.months(span)
	if err != nil {
		return err
	}
	var before SIRET
	return s.EachRegistered(ctx, by, func(c Client) error {
		if c.SIRET == before { // registered twice
			return nil
		}
		before = c.SIRET
		counted, err := s.count(ctx, c, months)
		if err != nil {
			return err
		}
		return each(counted)
	})
}
