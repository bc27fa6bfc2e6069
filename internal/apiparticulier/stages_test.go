package apiparticulier_test

import (
	"crypto/tls"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
)

// stages are the clocks of the calls under way. A test lets one run out; none does by
// itself.
type stages struct {
	guard   sync.Mutex
	running map[time.Duration]func()
	// atOnce is the stage that runs out as soon as it begins.
	atOnce time.Duration
}

const (
	headers = 11 * time.Second
	body    = 3 * time.Second
	whole   = 12 * time.Second
)

func (s *stages) after(d time.Duration, do func()) func() bool {
	s.guard.Lock()
	defer s.guard.Unlock()
	if d == s.atOnce {
		do()
	}
	if s.running == nil {
		s.running = map[time.Duration]func(){}
	}
	s.running[d] = do
	return func() bool {
		s.guard.Lock()
		defer s.guard.Unlock()
		delete(s.running, d)
		return true
	}
}

// runOut ends a stage; false when it is not running.
func (s *stages) runOut(d time.Duration) bool {
	s.guard.Lock()
	do := s.running[d]
	s.guard.Unlock()
	if do != nil {
		do()
	}
	return do != nil
}

func TestEachStageHasItsTime(t *testing.T) {
	for name, c := range map[string]struct {
		mischief func(w *world) stub.Mischief
		atOnce   time.Duration
	}{
		"headers": {func(w *world) stub.Mischief {
			return stub.Mischief{SlowHeaders: true, Before: func() { w.runOut(headers) }}
		}, 0},
		"whole": {func(w *world) stub.Mischief {
			return stub.Mischief{SlowHeaders: true, Before: func() { w.runOut(whole) }}
		}, 0},
		"body": {func(*world) stub.Mischief { return stub.Mischief{SlowBody: true} }, body},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.atOnce = c.atOnce
			w.stub.Misbehave(c.mischief(w))
			_, err := w.Ask(t.Context(), asking(jeanne(), november))
			if f := fault(t, err); f.Outcome != consent.TimedOut || len(w.stub.Calls()) != 1 {
				t.Errorf("%v after %d calls", f, len(w.stub.Calls()))
			}
			if len(w.running) != 0 {
				t.Errorf("%d clocks still run", len(w.running))
			}
		})
	}
}

// The headers' clock is stopped once they are there: a long body has its own time.
func TestTheHeadersClockStopsWithTheHeaders(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{SlowBody: true, Before: func() {}})
	w.atOnce = body
	_, _ = w.Ask(t.Context(), asking(jeanne(), november))
	if w.runOut(headers) {
		t.Error("it still ran while the body was read")
	}
}

func TestTLSFaultsReachNobody(t *testing.T) {
	w := newWorld(t)
	untrusted := httptest.NewTLSServer(w.stub)
	defer untrusted.Close()
	old := httptest.NewUnstartedServer(w.stub)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.StartTLS()
	defer old.Close()
	config := w.config(old.URL, habilitation)
	config.HTTPClient = old.Client()
	plain := httptest.NewServer(w.stub)
	defer plain.Close()
	for name, client := range map[string]*apiparticulier.Client{
		"a certificate of nobody's": w.client(untrusted.URL, habilitation),
		"no TLS at all":             w.client("https"+plain.URL[len("http"):], habilitation),
		"TLS 1.1":                   apiparticulier.New(config),
	} {
		_, err := client.Ask(t.Context(), asking(jeanne(), november))
		if f := fault(t, err); f.Outcome != consent.Failed || f.Status != 0 || len(w.stub.Calls()) != 0 {
			t.Errorf("%s: %v, %d calls", name, f, len(w.stub.Calls()))
		}
	}
}
