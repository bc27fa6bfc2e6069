package consenttest

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"portail.example/consent"
)

// look is what is kept of a consent's value, from month to month.
type look struct {
	month   consent.Period
	settled bool
	tries   int
	due     time.Time
	hash    string // of the consent and the value; the real store's has a key
}

// free tells whether the look of a month may be taken.
func (l look) free(month consent.Period, at time.Time) bool {
	if l.month != month {
		return month.After(l.month)
	}
	return !l.settled && !l.due.After(at) && l.tries < consent.WatchTries
}

func (v *view) DueWatches(_ context.Context, q consent.WatchQuery) ([]consent.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []consent.Grant
	for _, g := range v.t.grants {
		l, known := v.t.looks[g.ID]
		if g.Details.Watch && g.StatusAt(q.At) == consent.GrantActive && g.ID > q.After && (!known || l.free(q.Month, q.At)) {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b consent.Grant) int { return strings.Compare(a.ID, b.ID) })
	return out[:min(q.Limit, len(out))], nil
}

func (x *memoryTx) ClaimWatch(_ context.Context, c consent.WatchClaim) (bool, error) {
	l, known := x.t.looks[c.Grant.ID]
	if known && !l.free(c.Month, c.At) {
		return false, nil
	}
	if l.month != c.Month {
		l.tries = 0
	}
	l.month, l.settled, l.due, l.tries = c.Month, false, c.Until, l.tries+1
	x.t.looks[c.Grant.ID] = l
	return true, nil
}

func (x *memoryTx) SettleWatch(_ context.Context, w consent.WatchSettled) (changed bool, err error) {
	l := x.t.looks[w.Grant.ID]
	if l.month != w.Month {
		return false, nil
	}
	l.settled = w.Again.IsZero()
	if !l.settled {
		l.due = w.Again
	}
	if w.Value != nil {
		sum := sha256.Sum256([]byte(w.Grant.ID + "\n" + *w.Value))
		changed, l.hash = l.hash != "" && l.hash != string(sum[:]), string(sum[:])
	}
	x.t.looks[w.Grant.ID] = l
	return changed, nil
}

func (x *memoryTx) ForgetWatches(_ context.Context, now time.Time) error {
	for id := range x.t.looks {
		if g := x.t.grants[id]; !g.Details.Watch || !g.StatusAt(now).Stands() {
			delete(x.t.looks, id)
		}
	}
	return nil
}
