package consent

import (
	"context"
	"time"
)

// Limits are how long things live. Zero fields take the defaults.
type Limits struct {
	RequestURI time.Duration // hand-over by request_uri; default 5 min, under 10 (FAPI 2.0 section 5.3.2.2)
	Journey    time.Duration // from the push to the citizen's answer; default 30 min
	Code       time.Duration // default 60 s, the most FAPI 2.0 section 5.3.2.1 allows
	Token      time.Duration // default 5 min, 15 at most
	Grace      time.Duration // for a refresh whose answer was lost; default 60 s
}

// MaxTokenLifetime bounds Limits.Token: what an offline verifier may trust
// without asking again.
const MaxTokenLifetime = 15 * time.Minute

func (l Limits) withDefaults() Limits {
	orDefault := func(d *time.Duration, def time.Duration) {
		if *d == 0 {
			*d = def
		}
	}
	orDefault(&l.RequestURI, 5*time.Minute)
	orDefault(&l.Journey, 30*time.Minute)
	orDefault(&l.Code, time.Minute)
	orDefault(&l.Token, 5*time.Minute)
	orDefault(&l.Grace, time.Minute)
	return l
}

// Service runs the use cases. Each is one method in a file of its own, and one
// transaction of the store.
type Service struct {
	store    Store
	now      func() time.Time
	limits   Limits
	location func(DataSet) string
}

// NewService wires the use cases. location gives the URL of a data set at the
// data API; now is the clock.
func NewService(store Store, limits Limits, location func(DataSet) string, now func() time.Time) *Service {
	return &Service{store: store, now: now, limits: limits.withDefaults(), location: location}
}

// Now is the service's clock, in UTC.
func (s *Service) Now() time.Time { return s.now().UTC() }

// Limits are the lifetimes in force.
func (s *Service) Limits() Limits { return s.limits }

// Client finds a registered, usable client. It fails with InvalidClient when it
// is unknown and UnauthorizedClient when it is suspended.
func (s *Service) Client(ctx context.Context, id string) (Client, error) {
	c, err := s.store.Client(ctx, id)
	if CodeOf(err) == NotFound {
		return Client{}, Refuse(InvalidClient, "client_id", "unknown client")
	}
	if err != nil {
		return Client{}, err
	}
	return c, c.Usable()
}

// ClientFor is a registered, usable client as it acts for a recipient. It fails
// like Client, and with UnauthorizedClient when the recipient's delegation is gone.
func (s *Service) ClientFor(ctx context.Context, id string, recipient SIRET) (Client, error) {
	c, err := clientFor(ctx, s.store, id, recipient)
	if err != nil {
		return Client{}, err
	}
	return c, c.Usable()
}
