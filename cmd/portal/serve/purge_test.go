package serve

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
)

// What is due goes at night, and the log says what without saying whose.
func TestWhatIsDueGoesAtNight(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Pushed(t, w.Push())
	var log bytes.Buffer
	s := Server{Service: w.Service, logger: slog.New(slog.NewTextHandler(&log, nil)), now: w.Clock.Now}
	for hour := range 24 {
		w.Clock.Set(time.Date(2028, time.March, 1, hour, 30, 0, 0, time.UTC))
		if err := s.purgeNightly(t.Context()); err != nil {
			t.Fatal(err)
		}
		if purged := strings.Count(log.String(), "kind=unseen_request number=1"); (purged == 1) != (hour >= purgeHour) {
			t.Errorf("at %d: %s", hour, log.String())
		}
	}
	if strings.Contains(log.String(), string(w.Viewer.Subject)) {
		t.Error("the log names a citizen's pseudonym")
	}
}
