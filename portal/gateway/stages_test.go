package gateway_test

import (
	"context"
	"sync"
	"time"
)

// stages are the clocks of the calls under way; one runs out when a test says so, and
// pauses take no time.
type stages struct {
	mu      sync.Mutex
	running map[time.Duration]func()
	atOnce  time.Duration // runs out as soon as it begins
	waits   int
}

const (
	headersStage = 11 * time.Second
	bodyStage    = 3 * time.Second
)

func (s *stages) after(d time.Duration, do func()) func() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d == s.atOnce {
		do()
	}
	if s.running == nil {
		s.running = map[time.Duration]func(){}
	}
	s.running[d] = do
	return func() bool { return true }
}

func (s *stages) runOut(d time.Duration) {
	s.mu.Lock()
	do := s.running[d]
	s.mu.Unlock()
	do()
}

func (s *stages) wait(context.Context, time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waits++
	return nil
}
