package apiparticulier

import (
	"context"
	"sync"
	"time"

	"portail.example/consent"
)

// queueing is how long somebody waits for their turn before they are told otherwise.
const queueing = 2 * time.Second

// lanes let the calls with FranceConnect's tokens that look alike to API Particulier
// (same recipient, same month) go one after the other: at one instant it would take them
// for one and refuse the second (409), though they are two people's.
type lanes struct {
	mu    sync.Mutex
	taken map[string]*lane
}

// lane is one such call, and those who wait.
type lane struct {
	turn  chan struct{}
	users int
}

// take waits for a turn; others than live calls need none.
func (l *lanes) take(ctx context.Context, c *Client, q call) (leave func(), err error) {
	if !q.live {
		return func() {}, nil
	}
	ctx, late := c.watch(ctx)
	defer late.end()
	late.after(queueing)
	key := q.address()
	one := l.join(key)
	select {
	case one.turn <- struct{}{}:
		return func() { <-one.turn; l.part(key, one) }, nil
	case <-ctx.Done():
		l.part(key, one)
		return nil, refused(consent.ProviderTurn{Refusal: consent.ProviderBusy, Wait: time.Second})
	}
}

func (l *lanes) join(key string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, found := l.taken[key]
	if !found {
		one = &lane{turn: make(chan struct{}, 1)}
		l.taken[key] = one
	}
	one.users++
	return one
}

func (l *lanes) part(key string, one *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(l.taken, key)
	}
}
