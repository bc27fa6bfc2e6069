package apiparticulier

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"portail.example/consent"
)

// ask makes a call, and once more where that is allowed, within its slot and its time.
func (c *Client) ask(ctx context.Context, q call) (consent.ProviderAnswer, error) {
	leave, err := c.slots.enter(q)
	if err != nil {
		return consent.ProviderAnswer{}, err
	}
	defer leave()
	began := c.cfg.Now()
	ctx, late := c.watch(ctx)
	defer late.end()
	late.after(c.cfg.Stages.Whole)
	turn, err := c.lanes.take(ctx, c, q)
	if err != nil {
		return consent.ProviderAnswer{}, err
	}
	defer turn()
	answer, err := c.attempt(ctx, q)
	q.turn = nil // it was for one call
	pause, again := retry(err)
	if stale(answer, err, q) {
		pause, again, q.fresh = 0, true, true
	}
	if !again || q.over(c.cfg.Now().Add(pause)) || c.cfg.Now().Sub(began)+pause >= c.cfg.Stages.Whole || c.pause(ctx, pause) != nil {
		return answer, err
	}
	if second, secondErr := c.attempt(ctx, q); !notMade(secondErr) {
		return second, secondErr
	}
	return answer, err
}

// attempt is one call, counted at the gate before and after.
func (c *Client) attempt(ctx context.Context, q call) (consent.ProviderAnswer, error) {
	turn, err := c.admit(ctx, q)
	if err != nil {
		return consent.ProviderAnswer{}, err
	}
	if turn.Refusal != "" {
		return consent.ProviderAnswer{}, refused(turn)
	}
	answer, err := c.get(ctx, q)
	c.report(ctx, q, turn, err)
	return answer, err
}

func (c *Client) admit(ctx context.Context, q call) (consent.ProviderTurn, error) {
	if q.turn != nil {
		return *q.turn, nil
	}
	return c.cfg.Gate.AdmitCall(ctx, c.counted(q))
}

func (c *Client) counted(q call) consent.ProviderCall {
	if q.live {
		return c.countedLive(q)
	}
	return consent.ProviderCall{Habilitation: c.habilitation, DataSet: q.set.Type, Recipient: q.recipient, Batch: q.batch, Own: q.own, At: c.cfg.Now(), Limits: c.cfg.Limits}
}

// stale is an answer about another month than the one asked: API Particulier's cache
// was seen to give one, for a day. It can be gone past.
func stale(answer consent.ProviderAnswer, err error, q call) bool {
	return err == nil && answer.Period != (consent.Period{}) && answer.Period != q.month
}

// retry tells whether one more try is allowed, and after how long. The provider
// bans callers that insist, so it is one and only where its list says so.
func retry(err error) (time.Duration, bool) {
	var fault *consent.ProviderFault
	if !errors.As(err, &fault) || fault.RetryAfter > 2*time.Second {
		return 0, false
	}
	if fault.Status == http.StatusConflict || (fault.Status == http.StatusBadGateway && transient[fault.Code]) {
		return max(fault.RetryAfter, 500*time.Millisecond) + rand.N(time.Second), true
	}
	return 0, false
}

// notMade is a call that the gate refused: what the first try was told says more.
func notMade(err error) bool {
	var fault *consent.ProviderFault
	return err != nil && (!errors.As(err, &fault) || fault.Refusal != "")
}

func (c *Client) pause(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	return c.cfg.Wait(ctx, d)
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
