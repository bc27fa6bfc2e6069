package guard

import (
	"context"
	"errors"
	"sync"
	"time"
)

// remembered is how many proofs are kept. Only holders of a good token get here; the
// portal keeps them too, for all instances.
const remembered = 100_000

// once remembers the proofs that were used here.
type once struct {
	mu    sync.Mutex
	until map[string]time.Time
	now   func() time.Time
}

// use is false for what was used before. When there is no more room it fails.
func (o *once) use(_ context.Context, id string, until time.Time) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, known := o.until[id]; known {
		return false, nil
	}
	if len(o.until) >= remembered {
		o.forget()
	}
	if len(o.until) >= remembered {
		return false, errors.New("too many proofs")
	}
	o.until[id] = until
	return true, nil
}

func (o *once) forget() {
	now := o.now()
	for id, until := range o.until {
		if !now.Before(until) {
			delete(o.until, id)
		}
	}
}
