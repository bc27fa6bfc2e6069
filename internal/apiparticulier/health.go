package apiparticulier

import (
	"context"
	"errors"
	"net/http"
	"time"

	"portail.example/consent"
)

// reporting is how long telling the gate may take.
const reporting = 2 * time.Second

// personal are the failures that may be one person's, every time: they say nothing
// about the others.
var personal = map[string]bool{"35000": true, "37000": true}

// report tells the gate how a call went. That it cannot be told changes nothing for
// this caller, whose access record meets the same database next.
func (c *Client) report(ctx context.Context, q call, turn consent.ProviderTurn, err error) {
	var fault *consent.ProviderFault
	if errors.As(err, &fault) && fault.Status == 0 && context.Cause(ctx) == context.Canceled {
		return // everybody who waited has left: nobody knows how it would have ended
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reporting)
	defer cancel()
	counted := c.counted(q)
	switch {
	case fault == nil, fault.Outcome == consent.NoFile, fault.Outcome == consent.NotIdentified:
		if turn.Troubled {
			_ = c.cfg.Gate.CallAnswered(ctx, counted)
		}
	case fault.Status == http.StatusTooManyRequests:
		_ = c.cfg.Gate.HoldCalls(ctx, counted, counted.Held(fault.RetryAfter))
	case down(fault):
		_ = c.cfg.Gate.CallFailed(ctx, counted, fault.RetryAfter)
	}
}

// down tells failures of the provider from refusals that are ours to mend (400, 401,
// 403) and from collisions (409).
func down(fault *consent.ProviderFault) bool {
	switch {
	case personal[fault.Code], fault.Err == errRequest:
		return false
	}
	return fault.Status == 0 || fault.Status == http.StatusOK || fault.Status >= http.StatusInternalServerError
}
