package consent

import (
	"context"
	"time"
)

// AskingSpan is the time in which questions are counted against Purpose.MaxAsked.
const AskingSpan = 30 * 24 * time.Hour

// asking is what one recipient asks one person for.
type asking struct {
	Party
	purpose string
}

func askingOf(r Request) asking { return asking{r.Party(), r.Details.Purpose} }

// ceiling is how many such questions a person is asked at most.
func (a asking) ceiling() int {
	p, _ := PurposeOf(a.purpose)
	return p.MaxAsked
}

// asked counts the questions of one kind that the citizen met lately, or that are
// still open, and that led to no consent. Two at the same instant may both be let
// through: the ceiling is against insistence, and holds at the next one.
func (s *Service) asked(ctx context.Context, r Reader, subject SubjectID, a asking) (int, error) {
	now := s.Now()
	return r.Asked(ctx, subject, a.Party, a.purpose, now.Add(-AskingSpan), now)
}

// spare closes a question above the ceiling before it is read; only r itself, which
// is counted already, comes on top. The administration learns no more than of any
// request that was closed.
func (s *Service) spare(ctx context.Context, tx Tx, r *Request) error {
	a := askingOf(*r)
	n, err := s.asked(ctx, tx, r.Subject, a)
	if err != nil || n <= a.ceiling() {
		return err
	}
	return closeRequest(ctx, tx, r, RequestCancelled, "")
}
