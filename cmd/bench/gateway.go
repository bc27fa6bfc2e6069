package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// householdsAsked is how many consents the data API is called with; each caller has a
// consent and a month that no other caller asks for at the same time, since identical
// calls share one upstream.
const householdsAsked = 24

// slowFund is how long a slow fund takes.
const slowFund = 50 * time.Millisecond

// limitless is an upstream that could be called as often as the machine allows.
var limitless = []string{"API_PARTICULIER_RATE=1000000", "API_PARTICULIER_RECIPIENT_RATE=1000000", "API_PARTICULIER_CALLS=2000", "API_PARTICULIER_RECIPIENT_CALLS=2000"}

// gateway calls the data API, the upstream behind it, and that upstream through a bare
// reverse proxy.
func (b *bench) gateway(ctx context.Context) error {
	live, err := b.liveTokens()
	if err != nil {
		return err
	}
	fast, stop, err := b.chain("0s")
	if err != nil {
		return err
	}
	defer stop()
	if err := b.alone(ctx, fast, live); err != nil {
		return err
	}
	if _, err := b.load(ctx, with("proxied", writers), callersOf(fast.proxy, false, b.plan.Callers, live)); err != nil {
		return err
	}
	if _, err := b.load(ctx, with("releases", writers), callersOf(fast.gateway, true, b.plan.Callers, live)); err != nil {
		return err
	}
	return b.slowly(ctx, live)
}

// alone times one caller: what the gateway adds to its upstream, and what a proxy adds.
func (b *bench) alone(ctx context.Context, to addresses, live []string) error {
	medians := map[string]float64{}
	for name, base := range map[string]string{"direct": to.upstream, "proxied": to.proxy, "release": to.gateway} {
		s, err := b.load(ctx, name+" alone", callersOf(base, name == "release", 1, live))
		if err != nil {
			return err
		}
		medians[name] = float64(s.Median.Nanoseconds()) / 1000
		b.note(name, medians[name])
	}
	b.note("release overhead", medians["release"]-medians["direct"])
	b.note("proxied overhead", medians["proxied"]-medians["direct"])
	return nil
}

// slowly calls a gateway whose upstream takes its time.
func (b *bench) slowly(ctx context.Context, live []string) error {
	slow, stop, err := b.chain(slowFund.String())
	if err != nil {
		return err
	}
	defer stop()
	b.note("slow promise", float64(slowFund.Microseconds())+b.last("release overhead"))
	for name, n := range map[string]int{"few": b.plan.Slow[0], "many": b.plan.Slow[1]} {
		s, err := b.load(ctx, with("slow releases", n), callersOf(slow.gateway, true, n, live))
		if err != nil {
			return err
		}
		b.note("slow release p99, "+name, float64(s.P99.Microseconds()))
	}
	return nil
}

// addresses of one upstream: itself, through a proxy, and through the gateway.
type addresses struct{ upstream, proxy, gateway string }

// chain starts the three.
func (b *bench) chain(latency string) (to addresses, stop func(), err error) {
	var started []*process
	stop = func() {
		for _, p := range started {
			p.Stop()
		}
	}
	start := func(p *process, failed error) string {
		if failed != nil {
			err = failed
			return ""
		}
		started = append(started, p)
		return p.URL
	}
	to.upstream = start(startServer("upstream", latency))
	to.proxy = start(startServer("proxy", to.upstream))
	to.gateway = start(b.Portal(16, "", append([]string{"API_PARTICULIER_URL=" + to.upstream}, limitless...)...))
	if err != nil {
		stop()
	}
	return to, stop, err
}

// liveTokens are tokens of different households.
func (b *bench) liveTokens() (live []string, err error) {
	for i := range householdsAsked {
		p, err := b.party(b.URL, i)
		if err != nil {
			return nil, err
		}
		held, err := p.journey()
		if err != nil {
			return nil, err
		}
		live = append(live, held.Access)
	}
	return live, nil
}

// callersOf call one base each with a household and a month of their own.
func callersOf(base string, bearer bool, n int, live []string) []operation {
	callers := make([]operation, n)
	for i := range callers {
		callers[i] = releaseOf(base, bearer, live[i%len(live)], i/len(live))
	}
	return callers
}

// releaseOf asks for one month again and again; the connection is opened at the first.
func releaseOf(base string, bearer bool, token string, ago int) operation {
	month := time.Now().AddDate(0, -1-ago, 1-time.Now().Day())
	path := fmt.Sprintf("/data/v1/quotient-familial?annee=%d&mois=%d", month.Year(), month.Month())
	var headers string
	if bearer {
		headers = "Authorization: Bearer " + token + "\r\n"
	}
	var c *connection
	return func() (err error) {
		if c == nil {
			if c, err = connect(base); err != nil {
				return err
			}
		}
		got, err := c.do(http.MethodGet, path, headers, "")
		_, err = expect(got, err, http.StatusOK)
		return err
	}
}
