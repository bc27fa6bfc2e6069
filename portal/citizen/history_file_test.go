package citizen_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/citizen"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// breaking is a store that fails once some pages of a history are read, and for answers.
type breaking struct {
	*consenttest.Memory
	left int
}

func (s *breaking) Decisions(context.Context, consent.SubjectID, consent.Decision, int) ([]consent.Decision, error) {
	return nil, errors.New("the disk broke")
}

func (s *breaking) History(ctx context.Context, q consent.HistoryQuery) ([]consent.HistoryFact, error) {
	if s.left--; s.left < 0 {
		return nil, errors.New("the disk broke")
	}
	return s.Memory.History(ctx, q)
}

// serve answers the world's citizen from another store and clock, and tells whether the
// answer was broken off.
func (w *world) serve(store consent.Store, now func() time.Time, r *http.Request) (answer *httptest.ResponseRecorder, brokenOff any) {
	w.t.Helper()
	service := consent.NewService(store, consent.Limits{}, func(consent.DataSet) string { return "" }, now)
	site, start := webtest.Site(w.t, w.Memory, w.Clock.Now), w.Clock.Now()
	room := citizen.New(citizen.Config{Service: service, Site: site, Now: w.Clock.Now})
	engine := webtest.Serve(w.t, slog.New(slog.NewTextHandler(w.logs, nil)), site, w.Clock.Now, room, site).Config.Handler
	token, err := w.Memory.OpenSession(w.t.Context(), consent.Session{Browser: "browser", Subject: w.Viewer.Subject, CreatedAt: start, SeenAt: start, SignedInAt: start})
	if err != nil {
		w.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: token})
	answer = httptest.NewRecorder()
	defer func() { brokenOff = recover() }()
	engine.ServeHTTP(answer, r)
	return answer, nil
}

// sent is a form as a browser sends it.
func sent(t *testing.T, target string, form url.Values) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// fileAfter asks for the table of 60 consents from a store that breaks after so many
// pages.
func fileAfter(t *testing.T, w *world, pages int) (answer *httptest.ResponseRecorder, brokenOff any) {
	t.Helper()
	return w.serve(&breaking{w.Memory, pages}, w.Clock.Now, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/history.csv", nil))
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

// A copy in pieces: what was sent before the store broke is not taken for all there is.
func TestACopyThatIsCutShortDoesNotLookWhole(t *testing.T) {
	w := newWorld(t)
	w.Granted(t, w.Push())
	for format, begun := range map[string]bool{"json": true, "html": false, "pdf": false} {
		answer, brokenOff := w.serve(&breaking{Memory: w.Memory}, w.Clock.Now, sent(t, "/my-data/export", url.Values{"format": {format}}))
		if begun != (answer.Code == http.StatusOK) || begun != (brokenOff == http.ErrAbortHandler) {
			t.Errorf("%s: %d, broken off: %v", format, answer.Code, brokenOff)
		}
	}
	if n := strings.Count(w.logs.String(), "the disk broke"); n != 3 {
		t.Errorf("%d lines in the log: %s", n, w.logs)
	}
}
