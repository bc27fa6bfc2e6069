package consent

import (
	"context"
	"time"
)

// RightsDue is how many requests wait for the officer.
type RightsDue struct {
	Open    int
	Overdue int // of the open ones
}

// RightsDue counts what waits. It fails with RoleNotAllowed.
func (s *Service) RightsDue(ctx context.Context, agent Agent) (RightsDue, error) {
	if _, err := agent.May(DutyRights); err != nil {
		return RightsDue{}, err
	}
	return s.store.RightsDue(ctx, DateOf(s.Now()))
}

// DaysLeft are the civil days until the last day to answer; negative once it passed.
func (r RightsRequest) DaysLeft(now time.Time) int { return DateOf(now).daysUntil(r.DueOn) }

// DaysTaken are the civil days between the request and its end, or now.
func (r RightsRequest) DaysTaken(now time.Time) int {
	if !r.ClosedAt.IsZero() {
		now = r.ClosedAt
	}
	return DateOf(r.AskedAt).daysUntil(DateOf(now))
}

// MayExtend reports whether the term can still be made longer: once, within the month.
func (r RightsRequest) MayExtend(now time.Time) bool {
	return r.State == RightsOpen && r.ExtendedAt.IsZero() && !r.Overdue(now)
}

// EachRight gives every request, oldest first, without whose it is and without words:
// the register of what was asked and how long it took. Its memory is one page.
func (s *Service) EachRight(ctx context.Context, agent Agent, line func(RightsRequest) error) error {
	if _, err := agent.May(DutyRights); err != nil {
		return err
	}
	return pages(func(after RightsRequest) ([]RightsRequest, error) {
		return s.store.RightsRegister(ctx, after, readAtOnce)
	}, line)
}

// UnreadRights are the citizen's requests about which the officer wrote since they read,
// newest first.
func (s *Service) UnreadRights(ctx context.Context, subject SubjectID) ([]RightsRequest, error) {
	return s.store.UnreadRights(ctx, subject)
}

// ReadRight is Right for the citizen's own page: what is shown there is read.
func (s *Service) ReadRight(ctx context.Context, subject SubjectID, id string) (v RightsView, err error) {
	read := s.Now()
	if v, err = s.Right(ctx, subject, id); err != nil {
		return v, err
	}
	return v, s.store.Transact(ctx, func(tx Tx) error { return tx.NoteRightsRead(ctx, subject, id, read) })
}
