package main

import (
	"context"
	"fmt"
)

// Names of figures; several are measured with 8 and with 32 callers.
func with(name string, callers int) string { return fmt.Sprintf("%s, %d callers", name, callers) }

var levels = []int{8, 32}

func (b *bench) signatures(ctx context.Context) error {
	sign, verify, err := rawSignatures(b.plan)
	if err != nil {
		return err
	}
	b.note("raw sign", sign)
	b.note("raw verify", verify)
	cold, again, err := verifications(ctx, b.plan)
	b.note("verify", cold)
	b.note("verify again", again)
	return err
}

func (b *bench) yardsticks(ctx context.Context) error {
	listener, err := listen()
	if err != nil {
		return err
	}
	server, err := startSelf(listener, nil, "hello")
	_ = listener.Close()
	if err != nil {
		return err
	}
	defer server.Stop()
	for _, n := range levels {
		for name, make := range map[string]func(int) (operation, error){
			"hello":  func(int) (operation, error) { return hello(server.URL) },
			"select": func(int) (operation, error) { return b.read(ctx), nil },
			"commit": func(int) (operation, error) { return b.commit(ctx), nil },
		} {
			callers, err := several(n, make)
			if err != nil {
				return err
			}
			if _, err := b.load(ctx, with(name, n), callers); err != nil {
				return err
			}
		}
	}
	return nil
}

// introspection asks about live tokens in turn, caller authenticated, peer and
// portal one after the other.
func (b *bench) introspection(ctx context.Context) error {
	server, err := b.Peer("")
	if err != nil {
		return err
	}
	defer server.Stop()
	theirs, err := b.peerTokens(server.URL)
	if err != nil {
		return err
	}
	ours, err := b.portalTokens()
	if err != nil {
		return err
	}
	for _, n := range levels {
		if err := b.introspect(ctx, with("peer introspection", n), n, server.URL, peerIntrospect, theirs); err != nil {
			return err
		}
		if err := b.introspect(ctx, with("introspection", n), n, b.URL, portalIntrospect, ours); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) introspect(ctx context.Context, name string, n int, base, path string, live []string) error {
	callers, err := several(n, func(i int) (operation, error) {
		admin, err := newAdministration(base, clientID, b.Secret)
		next := i * len(live) / n
		return func() error { next++; return admin.isActive(path, live[next%len(live)]) }, err
	})
	if err != nil {
		return err
	}
	_, err = b.load(ctx, name, callers)
	return err
}

func (b *bench) peerTokens(base string) (live []string, err error) {
	g, err := b.guest(base, 0)
	for range b.plan.Tokens {
		if err != nil {
			break
		}
		var t tokens
		t, err = g.journey("")
		live = append(live, t.Access)
	}
	return live, err
}

func (b *bench) portalTokens() (live []string, err error) {
	p, err := b.party(b.URL, 0)
	if err != nil {
		return nil, err
	}
	request, err := p.allow()
	for range b.plan.Tokens {
		if err != nil {
			break
		}
		var t tokens
		t, err = p.another(request)
		live = append(live, t.Access)
	}
	return live, err
}

// journeys are whole ones, PAR to token, each caller with a citizen whose session
// is live.
func (b *bench) journeys(ctx context.Context) error {
	server, err := b.Peer("")
	if err != nil {
		return err
	}
	defer server.Stop()
	theirs, err := several(8, func(i int) (operation, error) {
		g, err := b.guest(server.URL, i)
		return func() error { _, err := g.journey(jwtResource); return err }, err
	})
	if err != nil {
		return err
	}
	if _, err := b.load(ctx, "peer journeys", theirs); err != nil {
		return err
	}
	ours, err := several(8, func(i int) (operation, error) {
		p, err := b.party(b.URL, i)
		return func() error { _, err := p.journey(); return err }, err
	})
	if err != nil {
		return err
	}
	_, err = b.load(ctx, "journeys", ours)
	return err
}
