package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// citizenPages are the pages whose work must not grow with the database. The star
// stands for a consent.
var citizenPages = []string{"/home", "/consents", "/consents?sort=end", "/consents?after=*", "/consents/*", "/requests", "/history", "/withdraw-all", "/my-data"}

// ofCitizen is how many of the crowd's consents are one citizen's.
const ofCitizen = 500

// pages times the citizen's pages, one after the other by one caller: with one
// consent in the database, and again with a crowd of them, 500 of which are the
// citizen's. The database is one of its own, so that the first is empty.
func (b *bench) pages(ctx context.Context) error {
	w, p, held, err := freshWorld(ctx, b.plan.Profile)
	if err != nil {
		return err
	}
	defer w.Close()
	fmt.Fprintf(b.progress, "pages: one consent, then %d…\n", b.plan.Crowd)
	if err := b.timePages(p, held.GrantID, "empty"); err != nil {
		return err
	}
	if err := w.fill(ctx, held.GrantID, b.plan.Crowd, min(ofCitizen, b.plan.Crowd)); err != nil {
		return err
	}
	p.b.hangUp() // the portal did not wait so long
	return b.timePages(p, held.GrantID, "crowd")
}

// timePages notes the p99 of each page, in µs, once a run.
func (b *bench) timePages(p *party, grantID, database string) error {
	for range b.plan.Runs {
		for _, page := range citizenPages {
			address := p.base + strings.Replace(page, "*", grantID, 1)
			s := closedLoop(b.plan, []operation{func() error {
				got, err := p.b.get(address)
				_, err = expect(got, err, http.StatusOK)
				return err
			}})
			if s.First != nil {
				return fmt.Errorf("%s: %w", page, s.First)
			}
			b.note(pageFigure(page, database), float64(s.P99)/float64(time.Microsecond))
		}
	}
	return nil
}

func pageFigure(page, database string) string { return page + ", p99, " + database }

// pageGoals are one line a page.
func pageGoals() (out []goal) {
	for _, page := range citizenPages {
		out = append(out, goal{
			what: "`" + page + "`, p99", ours: pageFigure(page, "crowd"), yardstick: pageFigure(page, "empty"),
			against: "one consent", aim: 3, atMost: true, unit: " µs",
		})
	}
	return out
}
