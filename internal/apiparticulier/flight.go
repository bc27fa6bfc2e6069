package apiparticulier

import (
	"context"
	"sync"

	"portail.example/consent"
)

// flights are the calls under way, by what they ask. Nothing is kept of one that
// landed: this is no cache.
type flights struct {
	mu    sync.Mutex
	under map[string]*flight
}

// flight is one call and those who wait for it.
type flight struct {
	waiting  int
	cancel   context.CancelFunc
	done     chan struct{}
	answer   consent.ProviderAnswer
	err      error
	panicked any
}

type ask func(ctx context.Context) (consent.ProviderAnswer, error)

// join waits for the call under way for this key, or for a new one. Who leaves early
// does not end it for the others; the last to leave does.
func (f *flights) join(ctx context.Context, key string, ask ask) (consent.ProviderAnswer, error) {
	if err := ctx.Err(); err != nil {
		return consent.ProviderAnswer{}, transportFault(ctx, err)
	}
	one := f.board(ctx, key, ask)
	select {
	case <-one.done:
	case <-ctx.Done():
		f.leave(key, one)
		return consent.ProviderAnswer{}, transportFault(ctx, ctx.Err())
	}
	if one.panicked != nil {
		panic(one.panicked) // in the caller's goroutine, where it is recovered and logged
	}
	return one.answer, one.err
}

func (f *flights) board(ctx context.Context, key string, ask ask) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	one, found := f.under[key]
	if !found {
		one = &flight{done: make(chan struct{})}
		ctx, one.cancel = context.WithCancel(context.WithoutCancel(ctx))
		f.under[key] = one
		go f.fly(ctx, key, one, ask)
	}
	one.waiting++
	return one
}

func (f *flights) fly(ctx context.Context, key string, one *flight, ask ask) {
	defer func() {
		one.panicked = recover()
		f.forget(key, one)
		close(one.done)
		one.cancel()
	}()
	one.answer, one.err = ask(ctx)
}

func (f *flights) leave(key string, one *flight) {
	f.mu.Lock()
	one.waiting--
	last := one.waiting == 0
	if last && f.under[key] == one { // whoever comes now must not join a call that is given up
		delete(f.under, key)
	}
	f.mu.Unlock()
	if last {
		one.cancel()
	}
}

func (f *flights) forget(key string, one *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.under[key] == one {
		delete(f.under, key)
	}
}
