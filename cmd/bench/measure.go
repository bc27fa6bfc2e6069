package main

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// bench is one sitting.
type bench struct {
	*world
	plan     plan
	figures  map[string][]float64 // by name, one a run
	progress io.Writer
}

// measure runs every scenario, as often as the plan says, each yardstick and the
// peer beside the portal in the same run. The servers are gone when it returns.
func measure(ctx context.Context, p plan, progress io.Writer) (*bench, error) {
	b := &bench{plan: p, figures: map[string][]float64{}, progress: progress}
	var err error
	if b.world, err = startWorld(ctx, p.Profile); err != nil {
		return nil, err
	}
	defer b.Close()
	if err := b.prepareYardsticks(ctx); err != nil {
		return nil, err
	}
	if err := b.countStatements(ctx); err != nil {
		return nil, fmt.Errorf("statements: %w", err)
	}
	if p.Only == "" || p.Only == "pages" {
		if err := b.pages(ctx); err != nil {
			return nil, fmt.Errorf("pages: %w", err)
		}
	}
	if p.Only == "" || p.Only == "report" {
		if err := b.reports(ctx); err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
	}
	if p.Only == "" || p.Only == "register" {
		if err := b.register(ctx); err != nil {
			return nil, fmt.Errorf("register: %w", err)
		}
	}
	if p.Only == "" || p.Only == "batch" {
		if err := b.batches(ctx); err != nil {
			return nil, fmt.Errorf("batch: %w", err)
		}
	}
	for run := range p.Runs {
		for _, s := range []struct {
			name string
			run  func(context.Context) error
		}{
			{"signatures", b.signatures}, {"yardsticks", b.yardsticks}, {"introspection", b.introspection},
			{"tokens", b.tokens}, {"journeys", b.journeys}, {"withdrawal", b.withdrawal}, {"pool", b.pool}, {"evidence", b.evidence}, {"gateway", b.gateway},
		} {
			if p.Only != "" && p.Only != s.name {
				continue
			}
			fmt.Fprintf(progress, "run %d of %d: %s…\n", run+1, p.Runs, s.name)
			if err := s.run(ctx); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	return b, nil
}

func (b *bench) note(name string, value float64) {
	b.figures[name] = append(b.figures[name], value)
}

// last is what the run under way noted.
func (b *bench) last(name string) float64 { return b.figures[name][len(b.figures[name])-1] }

// median of the runs.
func (b *bench) median(name string) float64 {
	all := slices.Sorted(slices.Values(b.figures[name]))
	if len(all) == 0 {
		return 0
	}
	return all[len(all)/2]
}

// load notes the rate of a closed loop; an error is the end of the sitting, since
// figures with errors in them say nothing.
func (b *bench) load(ctx context.Context, name string, callers []operation) (sample, error) {
	if err := b.settle(ctx); err != nil {
		return sample{}, err
	}
	s := closedLoop(b.plan, callers)
	if s.Errors > 0 {
		return s, fmt.Errorf("%s: %d callers stopped, one because: %w", name, s.Errors, s.First)
	}
	b.note(name, s.Rate)
	return s, nil
}

// settle gives the planner the statistics that any database older than a minute
// has: plans made for empty tables would be measured otherwise, the peer's too.
func (b *bench) settle(ctx context.Context) error {
	_, err := b.Pool.Exec(ctx, "ANALYZE")
	return err
}
