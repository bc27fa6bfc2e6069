package events

import (
	"context"
	"math/rand/v2"
	"time"

	"portail.example/consent"
)

// attempt sends one event and notes what became of it. When the note itself fails
// the lease ends and the event is sent again: at least once, never lost.
func (d *Deliverer) attempt(ctx context.Context, event consent.EventDelivery) {
	ctx, cancel := context.WithTimeout(ctx, lease/2)
	defer cancel()
	reason, err := d.send(ctx, event)
	switch {
	case err != nil: // ours, not theirs
		d.Logger.Error("event", "client", event.ClientID, "jti", event.JTI, "error", err)
		return
	case reason == "":
		err = d.Outbox.EventDelivered(ctx, event.Sequence, d.Now())
	default:
		err = d.Outbox.EventFailed(ctx, event.Sequence, reason, d.next(event, reason))
	}
	if err != nil {
		d.Logger.Warn("event", "client", event.ClientID, "jti", event.JTI, "error", err)
	}
}

// send returns why the receiver did not take the event, or "".
func (d *Deliverer) send(ctx context.Context, event consent.EventDelivery) (string, error) {
	raw, err := mint(d.Signer, d.Issuer, event)
	if err != nil {
		return "", err
	}
	return d.receivers.push(ctx, event.Endpoint, raw), nil
}

// next is when to try again; zero when the event is given up, for the operator to
// see.
func (d *Deliverer) next(event consent.EventDelivery, reason string) time.Time {
	now := d.Now()
	if now.Sub(event.At) >= Patience && event.Attempts > 1 {
		d.Logger.Error("event given up", "client", event.ClientID, "jti", event.JTI, "attempts", event.Attempts, "reason", reason)
		return time.Time{}
	}
	return now.Add(backOff(event.Attempts))
}

// backOff doubles from firstWait to maxWait, with up to a quarter more so that
// many events do not come back together.
func backOff(attempts int) time.Duration {
	wait := maxWait
	if shift := max(0, attempts-1); shift < 12 {
		wait = min(maxWait, firstWait<<shift)
	}
	return wait + rand.N(wait/4)
}
