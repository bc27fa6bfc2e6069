package main

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// operation is what a caller does again and again.
type operation func() error

// errDry ends a caller whose supply is used up; it is no error of the server's.
var errDry = errors.New("nothing left")

// sample is what came out of one measurement.
type sample struct {
	Rate     float64 // operations a second
	Median   time.Duration
	P99, Max time.Duration
	Errors   int
	First    error
}

// closedLoop lets each caller repeat its operation, without pause, and counts those
// that begin after the warm-up.
func closedLoop(p plan, callers []operation) sample {
	start := time.Now().Add(p.Warm)
	var mu sync.Mutex
	var took []time.Duration
	var out sample
	end := start
	var running sync.WaitGroup
	for _, op := range callers {
		running.Go(func() {
			mine, last, err := repeat(op, start, start.Add(p.Measure))
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			if last.After(end) {
				end = last
			}
			if err != nil {
				out.Errors++
				out.First = err
			}
		})
	}
	running.Wait()
	out.judge(took, end.Sub(start))
	return out
}

// repeat stops at the first error: there must be none.
func repeat(op operation, start, end time.Time) (took []time.Duration, last time.Time, err error) {
	for last = time.Now(); last.Before(end); {
		began := last
		err = op()
		last = time.Now()
		if errors.Is(err, errDry) {
			return took, began, nil
		}
		if err != nil {
			return took, last, err
		}
		if !began.Before(start) {
			took = append(took, last.Sub(began))
		}
	}
	return took, last, nil
}

func (s *sample) judge(took []time.Duration, elapsed time.Duration) {
	if len(took) == 0 || elapsed <= 0 {
		return
	}
	s.Rate = float64(len(took)) / elapsed.Seconds()
	slices.Sort(took)
	s.Median, s.P99, s.Max = quantile(took, 0.5), quantile(took, 0.99), took[len(took)-1]
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[int(q*float64(len(sorted)-1))]
}

// several makes as many callers as asked.
func several(n int, make func(i int) (operation, error)) ([]operation, error) {
	var out []operation
	for i := range n {
		op, err := make(i)
		if err != nil {
			return nil, err
		}
		out = append(out, op)
	}
	return out, nil
}
