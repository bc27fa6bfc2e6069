package citizen_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/citizen"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// breaking is a store that fails once some pages of a history are read.
type breaking struct {
	*consenttest.Memory
	left int
}

func (s *breaking) History(ctx context.Context, q consent.HistoryQuery) ([]consent.HistoryFact, error) {
	if s.left--; s.left < 0 {
		return nil, errors.New("the disk broke")
	}
	return s.Memory.History(ctx, q)
}

// token opens a session of the world's citizen.
func (w *world) token() string {
	w.t.Helper()
	now := w.Clock.Now()
	token, err := w.Memory.OpenSession(w.t.Context(), consent.Session{Browser: "browser", Subject: w.Viewer.Subject, CreatedAt: now, SeenAt: now, SignedInAt: now})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// fileAfter asks for the table of 60 consents from a store that breaks after so many
// pages, and tells whether the answer was broken off.
func fileAfter(t *testing.T, w *world, pages int) (answer *httptest.ResponseRecorder, brokenOff any) {
	t.Helper()
	service := consent.NewService(&breaking{w.Memory, pages}, consent.Limits{}, func(consent.DataSet) string { return "" }, w.Clock.Now)
	site := webtest.Site(t, w.Memory, w.Clock.Now)
	room := citizen.New(citizen.Config{Service: service, Site: site, Now: w.Clock.Now})
	engine := webtest.Serve(t, slog.New(slog.NewTextHandler(w.logs, nil)), site, w.Clock.Now, room, site).Config.Handler
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/history.csv", nil)
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: w.token()})
	answer = httptest.NewRecorder()
	defer func() { brokenOff = recover() }()
	engine.ServeHTTP(answer, r)
	return answer, nil
}

func TestATableThatIsCutShortDoesNotLookWhole(t *testing.T) {
	w := newWorld(t)
	for range 60 {
		w.Clock.Advance(time.Second)
		w.Granted(t, w.PushOnce())
	}
	answer, brokenOff := fileAfter(t, w, 0)
	if answer.Code != http.StatusInternalServerError || answer.Header().Get("Content-Disposition") != "" || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") || brokenOff != nil {
		t.Errorf("nothing read: %d %v, %v", answer.Code, answer.Header(), brokenOff)
	}
	answer, brokenOff = fileAfter(t, w, 1)
	if answer.Code != http.StatusOK || answer.Body.Len() == 0 || brokenOff != http.ErrAbortHandler {
		t.Errorf("a page read: %d with %d bytes, %v", answer.Code, answer.Body.Len(), brokenOff)
	}
	if n := strings.Count(w.logs.String(), "the disk broke"); n != 2 {
		t.Errorf("%d lines in the log: %s", n, w.logs)
	}
	answer, brokenOff = fileAfter(t, w, 2)
	if rows := strings.Count(answer.Body.String(), "\r\n"); rows != 121 || brokenOff != nil {
		t.Errorf("%d rows, %v", rows, brokenOff)
	}
}
