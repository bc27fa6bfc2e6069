package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whoever receives a report opens its page alone.
func TestBrowserReportPage(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	files := j.opened(j.answered())
	for language, width := range map[string]int64{"fr": 320, "en": 1280} {
		b := newChromium(j, language, width)
		b.open(serveReport(t, files["report."+language+".html"]))
		b.check("89-report-page")
	}
}

// serveReport serves the page as a person opens it, alone.
func serveReport(t *testing.T, page string) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
}
