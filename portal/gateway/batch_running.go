package gateway

import (
	"context"
	"sync"

	"portail.example/consent"
)

// errReplaced ends a batch when the client begins another: most often it went away and
// came back before we noticed.
var errReplaced = consent.Refuse(consent.TooMany, "", "another batch of this client began")

// running are the batches under way in this instance: one for each client and
// recipient.
type running struct {
	mu    sync.Mutex
	under map[consent.Party]*underWay
}

type underWay struct {
	stop  context.CancelCauseFunc
	ended chan struct{}
}

// begin ends the party's earlier batch and waits for its calls under way, so that
// nothing is asked for twice. The context it returns ends with the batch.
func (r *running) begin(ctx context.Context, who consent.Party) (_ context.Context, leave func()) {
	mine := &underWay{ended: make(chan struct{})}
	ctx, mine.stop = context.WithCancelCause(ctx)
	r.mu.Lock()
	earlier := r.under[who]
	if r.under == nil {
		r.under = map[consent.Party]*underWay{}
	}
	r.under[who] = mine
	r.mu.Unlock()
	if earlier != nil {
		earlier.stop(errReplaced)
		<-earlier.ended
	}
	return ctx, func() { r.end(who, mine) }
}

func (r *running) end(who consent.Party, mine *underWay) {
	mine.stop(context.Canceled)
	r.mu.Lock()
	if r.under[who] == mine {
		delete(r.under, who)
	}
	r.mu.Unlock()
	close(mine.ended)
}
