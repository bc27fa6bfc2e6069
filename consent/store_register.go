package consent

import (
	"context"
	"time"
)

// RegisterReader reads the registry of those who may receive data, and counts what
// they did. It names nobody.
type RegisterReader interface {
	// Recipients are the administrations and the authorities that delegated to an
	// editor, revoked or not, by SIRET and client, at most limit; of one authority
	// unless empty; those that follow after, when it is not zero.
	Recipients(ctx context.Context, authority SIRET, after Party, limit int) ([]Party, error)
	// Statistics count in each cell in which something happened, in no order; in all
	// groups of a purpose in a month with accesses for it.
	Statistics(ctx context.Context, q StatisticsQuery) ([]Tally, error)
	// AccessDays count the calls of some authorities' days in Paris, without the days
	// that had none, in no order.
	AccessDays(ctx context.Context, recipients []SIRET, since, until time.Time) ([]AccessDay, error)
}
