package serve

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
)

// Values are looked at in the small hours only, and the log counts without saying whose
// or what.
func TestValuesAreLookedAtAtNight(t *testing.T) {
	w := consenttest.WatchingHall(t, consenttest.NewMemory())
	g, _ := w.Granted(t, w.PushWatched())
	upstream := stub.New(stub.Config{Now: w.Clock.Now, Tokens: map[string]stub.Habilitation{"t": {Scopes: []string{"cnaf_quotient_familial"}}}})
	provider := httptest.NewServer(upstream)
	t.Cleanup(provider.Close)
	client := apiparticulier.New(apiparticulier.Config{BaseURL: provider.URL, Token: "t", Gate: consenttest.NewGate(), Now: w.Clock.Now})
	var log bytes.Buffer
	s := Server{Service: w.Service, batch: client.Batch(), logger: slog.New(slog.NewTextHandler(&log, nil)), now: w.Clock.Now}
	for hour := range 24 {
		w.Clock.Set(time.Date(2026, time.December, 10, hour, 30, 0, 0, time.UTC))
		if err := s.watchNightly(t.Context()); err != nil {
			t.Fatal(err)
		}
		if looked := strings.Count(log.String(), "month=2026-12 looked=1 changed=0"); (looked == 1) != (hour >= watchHour) || hour < watchHour && len(upstream.Calls()) > 0 {
			t.Errorf("at %d: %s", hour, log.String())
		}
	}
	if len(upstream.Calls()) != 1 || strings.Contains(log.String(), string(g.Subject)) || strings.Contains(log.String(), g.ID) || strings.Contains(log.String(), "4270") {
		t.Errorf("%d calls; the log: %s", len(upstream.Calls()), log.String())
	}
}
