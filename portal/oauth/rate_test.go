package oauth_test

import (
	"net/http"
	"testing"
	"time"
)

func TestAClientThatAsksTooMuchIsToldWhenToComeBack(t *testing.T) {
	w := newWorld(t)
	var last reply
	for range 501 {
		last = w.introspect("x")
	}
	if last.status != http.StatusTooManyRequests || last.text("error") != "temporarily_unavailable" || last.header.Get("Retry-After") != "1" ||
		last.header.Get("RateLimit-Limit") != "500" || last.header.Get("RateLimit-Remaining") != "0" || last.header.Get("RateLimit-Reset") != "10" {
		t.Errorf("%d %s %v", last.status, last.raw, last.header)
	}
	if r := w.introspect("x", w.asTransports()); r.status != http.StatusOK {
		t.Errorf("another client: %d", r.status)
	}
	w.Clock.Advance(time.Second)
	if r := w.introspect("x"); r.status != http.StatusOK || r.header.Get("RateLimit-Remaining") != "49" {
		t.Errorf("a second later: %d, %s left", r.status, r.header.Get("RateLimit-Remaining"))
	}
}
