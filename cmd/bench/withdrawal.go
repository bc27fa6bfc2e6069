package main

import (
	"context"
	"slices"
	"time"
)

// withdrawal times each withdrawal until a token of the consent is refused, asked
// at a second process of the portal, then at the one that took the withdrawal; a
// single durable commit is timed in between.
func (b *bench) withdrawal(ctx context.Context) error {
	second, err := b.Portal(16, "")
	if err != nil {
		return err
	}
	defer second.Stop()
	p, err := b.party(b.URL, 0)
	if err != nil {
		return err
	}
	elsewhere, err := newAdministration(second.URL, clientID, b.Secret)
	if err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	var until, commits []time.Duration
	checks, commit := 0, b.commit(ctx)
	for range b.plan.Withdrawals {
		took, asked, err := p.takeBack(elsewhere)
		if err != nil {
			return err
		}
		began := time.Now()
		if err := commit(); err != nil {
			return err
		}
		commits = append(commits, time.Since(began))
		until, checks = append(until, took), max(checks, asked)
	}
	slices.Sort(until)
	slices.Sort(commits)
	b.note("withdrawal p99", float64(quantile(until, 0.99).Microseconds()))
	b.note("commit p99", float64(quantile(commits, 0.99).Microseconds()))
	b.note("checks", float64(checks))
	return nil
}

// takeBack gives a consent, sees its token live in both processes, withdraws it
// and asks until it is dead in both.
func (p *party) takeBack(elsewhere administration) (took time.Duration, asked int, err error) {
	held, err := p.journey()
	if err != nil {
		return 0, 0, err
	}
	for _, admin := range []administration{elsewhere, p.admin} {
		if err := admin.isActive(portalIntrospect, held.Access); err != nil {
			return 0, 0, err
		}
	}
	began := time.Now()
	if err := p.withdraw(held.GrantID); err != nil {
		return 0, 0, err
	}
	asked, err = refused(elsewhere, held.Access)
	if err != nil {
		return 0, 0, err
	}
	took = time.Since(began)
	here, err := refused(p.admin, held.Access)
	return took, max(asked, here), err
}

// refused asks until a token is no longer active and tells how often it asked.
func refused(admin administration, token string) (asked int, err error) {
	for active := true; active && err == nil; asked++ {
		active, err = admin.active(portalIntrospect, token)
	}
	return asked, err
}
