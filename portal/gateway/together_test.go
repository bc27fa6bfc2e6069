package gateway_test

import (
	"context"
	"sync"
	"testing"

	"portail.example/consent"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
)

// counted is the client, with a look at who has begun to wait for its answer.
type counted struct {
	*apiparticulier.Client
	w *world
}

func (c *counted) Ask(ctx context.Context, q consent.Question) (consent.ProviderAnswer, error) {
	if c.w.boarded != nil {
		ctx = boarding{ctx, &sync.Once{}, c.w.boarded}
	}
	return c.Client.Ask(ctx, q)
}

// boarding is a context that tells when its caller has begun to wait.
type boarding struct {
	context.Context
	once *sync.Once
	wait *sync.WaitGroup
}

func (b boarding) Done() <-chan struct{} {
	b.once.Do(b.wait.Done)
	return b.Context.Done()
}

// Two consents of one citizen to one administration, asked for at the same time: one
// call upstream, and yet each has its record, its groups and its own fate.
func TestCallersOfOneCallHaveTheirOwnRecordAndDecision(t *testing.T) {
	w := newWorld(t)
	kept, keptBearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	gone, goneBearer := w.issued(consent.Once, consent.GroupQuotientFamilial, consent.GroupEnfants)
	w.boarded = &sync.WaitGroup{}
	w.boarded.Add(3)
	w.upstream.Misbehave(stub.Mischief{Before: func() {
		w.boarded.Wait()
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, gone.Grant.ID, consent.Unsaid); err != nil {
			t.Error(err)
		}
	}})
	var replies [3]reply
	var callers sync.WaitGroup
	for i, bearer := range []string{keptBearer, goneBearer, keptBearer} {
		callers.Go(func() { replies[i] = w.get(path, bearer) })
	}
	callers.Wait()
	if replies[0].status != 200 || replies[2].status != 200 || len(replies[0].Data) != 1 {
		t.Errorf("the consent that stands: %d %s, %d", replies[0].status, replies[0].raw, replies[2].status)
	}
	if replies[1].status != 401 || replies[1].code() != "90001" || len(replies[1].Data) != 0 {
		t.Errorf("the one taken back: %d %s", replies[1].status, replies[1].raw)
	}
	if calls := len(w.upstream.Calls()); calls != 1 {
		t.Errorf("%d calls upstream", calls)
	}
	for grant, want := range map[string]map[consent.Outcome]int{kept.Grant.ID: {consent.Released: 2}, gone.Grant.ID: {consent.Refused: 1}} {
		list, err := w.Store.Accesses(t.Context(), w.Viewer.Subject, grant, consent.Access{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		got := map[consent.Outcome]int{}
		for _, a := range list {
			got[a.Outcome]++
		}
		if len(got) != 1 || got[consent.Released] != want[consent.Released] || got[consent.Refused] != want[consent.Refused] {
			t.Errorf("recorded %v, want %v", got, want)
		}
	}
}
