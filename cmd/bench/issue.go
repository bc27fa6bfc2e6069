package main

import (
	"context"
	"net/url"
	"sync"
)

// tokens redeems authorization codes made beforehand: what is measured is the
// token endpoint alone.
func (b *bench) tokens(ctx context.Context) error {
	callers := make([]operation, 8)
	faults := make([]error, len(callers))
	var preparing sync.WaitGroup
	for i := range callers {
		preparing.Go(func() { callers[i], faults[i] = b.redeemer(i) })
	}
	preparing.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	_, err := b.load(ctx, "tokens", callers)
	return err
}

// redeemer holds codes of one consent and redeems one at each call.
func (b *bench) redeemer(i int) (operation, error) {
	p, err := b.party(b.URL, i)
	if err != nil {
		return nil, err
	}
	request, err := p.allow()
	if err != nil {
		return nil, err
	}
	codes := make([]string, b.plan.Codes)
	for n := range codes {
		if codes[n], err = p.code(request); err != nil {
			return nil, err
		}
	}
	return func() error {
		if len(codes) == 0 {
			return errDry
		}
		_, err := p.admin.redeem(portalToken, codes[0], nil)
		codes = codes[1:]
		return err
	}, nil
}

// pool renews tokens with 64 callers on a portal of 4 connections, and on one of
// 32: too few connections must cost time, not answers.
func (b *bench) pool(ctx context.Context) error {
	for _, size := range []struct {
		name  string
		conns int
	}{{"pool of 4", 4}, {"pool of 32", 32}} {
		s, err := b.renewals(ctx, size.name, size.conns)
		if err != nil {
			return err
		}
		b.note(size.name+", slowest", s.Max.Seconds())
	}
	return nil
}

func (b *bench) renewals(ctx context.Context, name string, conns int) (sample, error) {
	server, err := b.Portal(conns, "")
	if err != nil {
		return sample{}, err
	}
	defer server.Stop()
	callers, err := several(64, func(i int) (operation, error) { return b.renewer(server.URL, i) })
	if err != nil {
		return sample{}, err
	}
	return b.load(ctx, name, callers)
}

// renewer uses its refresh token and keeps the next one.
func (b *bench) renewer(base string, i int) (operation, error) {
	p, err := b.party(base, i)
	if err != nil {
		return nil, err
	}
	held, err := p.journey()
	return func() error {
		next, err := p.admin.token(portalToken, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {held.Refresh}})
		held = next
		return err
	}, err
}
