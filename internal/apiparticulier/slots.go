package apiparticulier

import (
	"sync"
	"time"

	"portail.example/consent"
)

// Slots bound the calls under way in one instance, so that what is slow takes no more
// than its part: a data set whose fund hangs, or an administration that asks a lot.
type Slots struct {
	DataSet   int // 64 when zero
	Recipient int // of one administration for one data set; 16 when zero
	Batch     int // of all batches together; 8 when zero
}

func (s Slots) complete() Slots {
	if s.DataSet == 0 {
		s.DataSet = 64
	}
	if s.Recipient == 0 {
		s.Recipient = 16
	}
	if s.Batch == 0 {
		s.Batch = 8
	}
	return s
}

type slots struct {
	Slots
	mu    sync.Mutex
	taken map[string]int
}

// enter takes a slot, or fails at once: who waits for a slot holds a connection too.
func (s *slots) enter(q call) (leave func(), err error) {
	whole, part := q.set.Type, q.set.Type+" "+string(q.recipient)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[whole] >= s.DataSet || s.taken[part] >= s.Recipient {
		return nil, refused(consent.ProviderTurn{Refusal: consent.ProviderBusy, Wait: time.Second})
	}
	s.taken[whole]++
	s.taken[part]++
	return func() { s.leave(whole, part) }, nil
}

func (s *slots) leave(keys ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		if s.taken[key]--; s.taken[key] == 0 {
			delete(s.taken, key)
		}
	}
}

// refused is the fault of a call that was not made.
func refused(turn consent.ProviderTurn) *consent.ProviderFault {
	return &consent.ProviderFault{Outcome: consent.Busy, Refusal: turn.Refusal, RetryAfter: turn.Wait}
}
