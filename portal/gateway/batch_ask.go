package gateway

import (
	"context"
	"errors"
	"sync"

	"portail.example/consent"
	"portail.example/portal/web"
)

// asked is what came of one consent, or why the batch stops before it. Its record stays
// open until it is its turn to leave.
type asked struct {
	grant   consent.BatchGrant
	ready   ready
	refusal error // of this consent: the batch goes on
	err     error
}

// ask goes through the consents in order. Each has its place before it is asked for, so
// that what waits for a slow reader is bounded, and nobody's turn is kept from others
// meanwhile. The places end when ctx does; stop ends them, waits for the calls under
// way, and closes what nobody took.
func (r run) ask(ctx context.Context) (places <-chan chan asked, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan chan asked, batchAhead)
	var calls sync.WaitGroup
	calls.Go(func() {
		defer close(out)
		for q := r.query; ; {
			page, next, err := r.page(ctx, q)
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
	return out, func() { cancel(); calls.Wait(); r.drop(ctx, out) }
}

// page is the next page, or one last place to say why there is none.
func (r run) page(ctx context.Context, q consent.BatchQuery) (page []consent.BatchGrant, next string, err error) {
	err = web.Guard(func() (err error) {
		page, next, err = r.room.Service.BatchGrants(ctx, q)
		return err
	})
	if err != nil {
		return []consent.BatchGrant{{}}, "", err
	}
	return page, next, nil
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
		err = web.Guard(func() (err error) {
			once, done, err = r.room.Turn(ctx, r.call.DataSet, g.Details.Recipient)
			return err
		})
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		place <- asked{err: err}
		return false
	}
	calls.Go(func() { place <- r.one(ctx, once, done, g) })
	return true
}

// one is a call like any other, as far as the record being closed.
func (r run) one(ctx context.Context, once Upstream, done func(), g consent.BatchGrant) (out asked) {
	call := r.call
	out.grant, call.GrantID = g, g.ID
	out.refusal = web.Guard(func() (err error) {
		defer done()
		out.ready, err = r.room.prepare(ctx, once, call, "")
		return err
	})
	return out
}

// errUnsent is an answer whose reader went away before its turn.
var errUnsent = errors.New("gateway: nobody waits for this line any more")

// drop closes the records of what never left, as that. One that cannot be closed now is
// closed as abandoned later.
func (r run) drop(ctx context.Context, places <-chan chan asked) {
	for place := range places {
		one := <-place
		if one.err != nil || one.refusal != nil {
			continue
		}
		fault := one.ready.fault
		if fault == nil {
			fault = &consent.ProviderFault{Outcome: consent.Failed, RequestID: one.ready.answer.RequestID, Err: errUnsent}
		}
		_ = r.room.close(ctx, one.ready.access, one.ready.answer, fault)
	}
}
