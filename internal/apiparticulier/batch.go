package apiparticulier

import (
	"context"
	"time"

	"portail.example/consent"
)

// Batch is the client as batches use it: their calls are paid from a budget of their
// own and wait for it, a few at a time, so that they never take the place of a call
// that somebody waits for. It is safe for concurrent use.
type Batch struct {
	client *Client
	places chan struct{}
}

// Batch is for all batches of an instance: they share its places.
func (c *Client) Batch() *Batch {
	return &Batch{client: c, places: make(chan struct{}, c.cfg.Slots.Batch)}
}

// Turn is one call that a batch may make.
type Turn struct {
	batch *Batch
	turn  consent.ProviderTurn
}

// Turn waits for the batch's next call. It is asked for before the access is recorded:
// nobody waits with a record open. It fails with a *consent.ProviderFault when there is
// none within patience, and like the gate. Done gives the place back.
func (b *Batch) Turn(ctx context.Context, set consent.DataSet, recipient consent.SIRET) (*Turn, error) {
	select {
	case b.places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	turn, err := b.admitted(ctx, call{set: set, recipient: recipient, batch: true})
	if err != nil {
		<-b.places
		return nil, err
	}
	return &Turn{batch: b, turn: turn}, nil
}

// patience is how long a batch waits for one call: longer than the funds' ordinary
// troubles, shorter than what proxies bear without a line.
const patience = 45 * time.Second

func (b *Batch) admitted(ctx context.Context, q call) (consent.ProviderTurn, error) {
	for waited := time.Duration(0); ; {
		turn, err := b.client.cfg.Gate.AdmitCall(ctx, b.client.counted(q))
		if err != nil || turn.Refusal == "" {
			return turn, err
		}
		if waited += turn.Wait; waited > patience {
			return turn, refused(turn)
		}
		if err := b.client.pause(ctx, turn.Wait); err != nil {
			return turn, err
		}
	}
}

// Done gives the turn's place to another, whether the call was made or not.
func (t *Turn) Done() { <-t.batch.places }

// Ask is Client.Ask for the one call of the turn. Only batches share it: nobody who
// waits depends on what is paced.
func (t *Turn) Ask(ctx context.Context, q consent.Question) (consent.ProviderAnswer, error) {
	call, err := t.batch.client.callOf(q)
	if err != nil {
		return consent.ProviderAnswer{}, err
	}
	call.batch, call.turn = true, &t.turn
	return t.batch.client.theirs(ctx, q, call, t.share)
}

// share is Client.share among batches.
func (t *Turn) share(ctx context.Context, call call) (consent.ProviderAnswer, error) {
	return t.batch.client.flights.join(ctx, "batch "+call.flight(), func(ctx context.Context) (consent.ProviderAnswer, error) { return t.batch.client.ask(ctx, call) })
}
