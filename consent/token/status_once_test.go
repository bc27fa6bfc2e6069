package token_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"portail.example/consent/token"
)

// A thousand callers who meet a list that ran out are one caller for the issuer,
// also when it is down.
func TestManyCallersAreOneForTheIssuer(t *testing.T) {
	l, lists := newLister(t)
	place := token.StatusList{Index: 1, URI: l.url + "/lists/1"}
	check := func() {
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { _ = lists.Check(t.Context(), place) })
		}
		all.Wait()
	}
	check()
	if l.fetches != 1 {
		t.Errorf("asked %d times", l.fetches)
	}
	l.now, l.status = l.now.Add(time.Minute), http.StatusServiceUnavailable
	check()
	if l.fetches != 2 {
		t.Errorf("asked %d times while it was down", l.fetches-1)
	}
	if err := lists.Check(t.Context(), place); !errors.Is(err, token.ErrStatus) {
		t.Errorf("while it was down: %v", err)
	}
	l.now, l.status = l.now.Add(time.Second), http.StatusOK
	if err := lists.Check(t.Context(), place); err != nil {
		t.Errorf("a second later: %v", err)
	}
}
