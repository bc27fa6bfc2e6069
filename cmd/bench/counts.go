package main

import "context"

// countStatements uses servers of their own, whose connections are logged.
func (b *bench) countStatements(ctx context.Context) error {
	if err := b.countPortal(ctx); err != nil {
		return err
	}
	return b.countPeer(ctx)
}

func (b *bench) countPortal(ctx context.Context) error {
	server, err := b.Portal(2, logged)
	if err != nil {
		return err
	}
	defer server.Stop()
	p, err := b.party(server.URL, 0)
	if err != nil {
		return err
	}
	var held tokens // of the last journey: it replaces those before
	return b.count(ctx, "", func() (err error) { held, err = p.journey(); return err },
		func() error { return p.admin.isActive(portalIntrospect, held.Access) })
}

func (b *bench) countPeer(ctx context.Context) error {
	server, err := b.Peer(logged)
	if err != nil {
		return err
	}
	defer server.Stop()
	g, err := b.guest(server.URL, 0)
	if err != nil {
		return err
	}
	held, err := g.journey("")
	if err != nil {
		return err
	}
	return b.count(ctx, "peer ", func() error { _, err := g.journey(jwtResource); return err },
		func() error { return g.admin.isActive(peerIntrospect, held.Access) })
}

func (b *bench) count(ctx context.Context, whose string, journey, introspection operation) error {
	n, err := b.statements(ctx, 10, journey)
	if err != nil {
		return err
	}
	b.note(whose+"statements of a journey", n)
	n, err = b.statements(ctx, 10, introspection)
	b.note(whose+"statements of an introspection", n)
	return err
}
