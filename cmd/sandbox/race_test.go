package main

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	apistub "portail.example/internal/sandbox/apiparticulier"
)

// One code, fifty clients at once: one token, and since a replayed code was
// stolen, not even that one opens anything afterwards (RFC 9700 section 4.5.3).
func TestOneCodeGivesOneToken(t *testing.T) {
	j := newJourney(t)
	form := redemption(j.code("sophie"))
	var mu sync.Mutex
	var tokens []string
	statuses := map[int]int{}
	var clients sync.WaitGroup
	for range 50 {
		clients.Go(func() {
			status, body := j.post("/oauth/token", form)
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
			if access, ok := body["access_token"].(string); ok {
				tokens = append(tokens, access)
			}
		})
	}
	clients.Wait()
	if len(tokens) != 1 || statuses[http.StatusOK] != 1 || statuses[http.StatusBadRequest] != 49 {
		t.Fatalf("%d tokens, answers %v", len(tokens), statuses)
	}
	if status, body := j.get("/data/v1/quotient-familial", tokens[0]); status != http.StatusUnauthorized || errorCode(body) != "90005" {
		t.Errorf("the token of a replayed code: %d %v", status, body)
	}
}

// A withdrawal races fifty calls of the data API. Calls that began before it was
// acknowledged may go either way; none that began after gets data.
func TestAWithdrawalRacesFiftyCalls(t *testing.T) {
	j := newJourney(t)
	access, _ := j.token("sophie")
	withdraw := j.find(hrefs, j.b.Get(j.PortalURL+"/home"), "/consents/") + "/withdraw"
	j.APIParticulier.Misbehave(apistub.Mischief{Latency: 20 * time.Millisecond})
	var acknowledged atomic.Bool
	var before, after, late atomic.Int64
	var calls sync.WaitGroup
	started := make(chan struct{})
	signal := sync.OnceFunc(func() { close(started) })
	for i := range 50 {
		calls.Go(func() {
			for round := range 4 {
				begunAfter := acknowledged.Load()
				month := (i + round) % 11
				status, _ := j.get(fmt.Sprintf("/data/v1/quotient-familial?annee=2026&mois=%d", month+1), access)
				switch {
				case status == http.StatusOK && begunAfter:
					late.Add(1)
				case status == http.StatusOK:
					before.Add(1)
					signal()
				case status == http.StatusUnauthorized:
					after.Add(1)
				}
			}
		})
	}
	go func() { calls.Wait(); signal() }() // never wait for a first success that does not come
	<-started
	page := j.b.Post(withdraw, nil)
	acknowledged.Store(true)
	calls.Wait()
	j.expect("withdrawn", page, 200, "Retirée")
	t.Logf("%d released before, %d refused, %d released after", before.Load(), after.Load(), late.Load())
	if late.Load() != 0 || before.Load() == 0 || after.Load() == 0 {
		t.Error("a call that began after the withdrawal was acknowledged got data, or nothing raced")
	}
}
