package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"portail.example/consent"
)

// asked is what came of one consent, or why the batch stops before it.
type asked struct {
	grant   consent.BatchGrant
	data    map[string]json.RawMessage
	refusal error // of this consent: the batch goes on
	err     error
}

// ask goes through the consents in order. Each has its place before it is asked for, so
// that what waits for a slow reader is bounded, and nobody's turn is kept from others
// meanwhile. The places end when ctx does; stop ends them and waits for the calls under
// way.
func (r run) ask(ctx context.Context) (places <-chan chan asked, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan chan asked, batchAhead)
	var calls sync.WaitGroup
	calls.Go(func() {
		defer close(out)
		for q := r.query; ; {
			page, next, err := r.room.Service.BatchGrants(ctx, q)
			if err != nil {
				page = []consent.BatchGrant{{}} // a last place, to say so
			}
			for _, g := range page {
				if place, free := reserve(ctx, out); !free || !r.begin(ctx, &calls, place, g, err) {
					return
				}
			}
			if next == "" {
				return
			}
			q.After = next
		}
	})
	return out, func() { cancel(); calls.Wait() }
}

func reserve(ctx context.Context, out chan<- chan asked) (place chan asked, free bool) {
	place = make(chan asked, 1)
	select {
	case out <- place:
		return place, true
	case <-ctx.Done():
		return nil, false
	}
}

// begin waits for a turn and asks for one consent; false when there is no going on.
func (r run) begin(ctx context.Context, calls *sync.WaitGroup, place chan<- asked, g consent.BatchGrant, err error) bool {
	var once Upstream
	var done func()
	if err == nil {
		once, done, err = r.room.Turn(ctx, r.call.DataSet, g.Details.Recipient)
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		place <- asked{err: err}
		return false
	}
	calls.Go(func() {
		defer done()
		place <- r.one(ctx, once, g)
	})
	return true
}

// one is a call like any other: recorded, asked, cut, closed.
func (r run) one(ctx context.Context, once Upstream, g consent.BatchGrant) (out asked) {
	defer func() {
		if recover() != nil { // outside of the handler, where nobody would
			out = asked{grant: g, refusal: errPanicked}
		}
	}()
	call := r.call
	call.GrantID = g.ID
	released, err := r.room.release(ctx, once, call, "")
	return asked{grant: g, data: released.Data, refusal: err}
}

var errPanicked = errors.New("gateway: a panic in a batch")
