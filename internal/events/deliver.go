package events

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"portail.example/consent"
)

// How events are delivered.
const (
	// Patience is how long an event is tried before it is given up.
	Patience = 72 * time.Hour
	// lease is how long an attempt may take before another instance may try.
	lease = time.Minute
	// atOnce bounds attempts under way in one instance, perClient those to one
	// receiver: a slow one must not keep the others waiting.
	atOnce    = 32
	perClient = 4
	firstWait = 2 * time.Second
	maxWait   = time.Hour
)

// Outbox lends events out and notes what became of them.
type Outbox interface {
	ClaimEvents(ctx context.Context, now, lease time.Time, busy []string, limit int) ([]consent.EventDelivery, error)
	EventDelivered(ctx context.Context, sequence int64, now time.Time) error
	EventFailed(ctx context.Context, sequence int64, reason string, due time.Time) error
}

// Config of a Deliverer. All but AllowPrivate are required.
type Config struct {
	Outbox Outbox
	Signer Signer
	Issuer string
	Logger *slog.Logger
	Now    func() time.Time
	// AllowPrivate lets events go to private addresses and over plain http: for the
	// demo, and for portals whose administrations are on their own network.
	AllowPrivate bool
}

// Deliverer pushes events (RFC 8935).
type Deliverer struct {
	Config
	receivers receivers

	mu       sync.Mutex
	inFlight map[string]int // by client
	running  sync.WaitGroup
	finished chan struct{} // an attempt ended: another may start
}

// New builds a Deliverer.
func New(cfg Config) *Deliverer {
	return &Deliverer{Config: cfg, receivers: newReceivers(cfg.AllowPrivate), inFlight: map[string]int{}, finished: make(chan struct{}, 1)}
}

// Run delivers what is due, every interval, until ctx ends; it then waits for the
// attempts under way.
func (d *Deliverer) Run(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	defer d.running.Wait()
	for {
		started, err := d.Round(ctx)
		if err != nil && ctx.Err() == nil {
			d.Logger.Warn("events", "error", err)
		}
		var more <-chan struct{}
		if started > 0 {
			more = d.finished
		}
		select {
		case <-ctx.Done():
			return
		case <-more:
		case <-ticker.C:
		}
	}
}

// Round starts an attempt for each event that is due and returns how many it
// started; Wait waits for them.
func (d *Deliverer) Round(ctx context.Context) (int, error) {
	busy, free := d.load()
	if free <= 0 {
		return 0, nil
	}
	list, err := d.Outbox.ClaimEvents(ctx, d.Now(), d.Now().Add(lease), busy, free)
	if err != nil {
		return 0, err
	}
	for _, event := range list {
		d.count(event.ClientID, 1)
		d.running.Go(func() {
			d.attempt(context.WithoutCancel(ctx), event)
			d.count(event.ClientID, -1)
			select {
			case d.finished <- struct{}{}:
			default: // told already
			}
		})
	}
	return len(list), nil
}

// Wait waits for the attempts under way.
func (d *Deliverer) Wait() { d.running.Wait() }

func (d *Deliverer) count(client string, change int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inFlight[client] += change
	if d.inFlight[client] == 0 {
		delete(d.inFlight, client)
	}
}

// load is who has enough under way, and how much more may start.
func (d *Deliverer) load() (busy []string, free int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	free = atOnce
	for client, n := range d.inFlight {
		free -= n
		if n >= perClient {
			busy = append(busy, client)
		}
	}
	return busy, min(free, perClient)
}
