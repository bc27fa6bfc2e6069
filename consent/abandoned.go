package consent

import (
	"context"
	"time"
)

// abandonedAfter is far above what any call of the data API may take.
const abandonedAfter = 2 * time.Minute

// abandonedAtOnce bounds one round.
const abandonedAtOnce = 100

// CloseAbandoned ends accesses that were opened and never closed: the process
// died, or the database went away, between the two. They released nothing, so
// once grants get their use back. It returns how many it closed.
func (s *Service) CloseAbandoned(ctx context.Context) (int, error) {
	list, err := s.store.OpenAccesses(ctx, s.Now().Add(-abandonedAfter), abandonedAtOnce)
	if err != nil {
		return 0, err
	}
	for i, a := range list {
		if err := s.CompleteAccess(ctx, a, Failed, ""); err != nil && CodeOf(err) != NotFound {
			return i, err
		}
	}
	return len(list), nil
}
