package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// An officer finds a person, mends a search, orders a report and sees it made; then
// the person opens its page.
func TestBrowserOfficer(t *testing.T) {
	for _, c := range []struct {
		language string
		width    int64
	}{{"fr", 320}, {"en", 1280}} {
		t.Run(fmt.Sprintf("%s %d", c.language, c.width), func(t *testing.T) {
			j := newJourney(t)
			page := j.opened(j.answered())["report."+c.language+".html"]
			b := newChromium(j, c.language, c.width)
			b.officer()
			b.open(serveReport(t, page))
			b.check("85-report-page")
		})
	}
}

// officer is Claire, who answers Marge.
func (b *chromium) officer() {
	b.t.Helper()
	b.open(b.PortalURL + "/dpo")
	for _, selector := range []string{`a[href="/dpo/sign-in"]`, `a[href*="agent=claire"]`} {
		b.press(selector)
	}
	b.check("80-officer-home")
	b.press(`a[href="/dpo/people"]`)
	b.search("Simpson", "")
	b.check("81-search-problem")
	b.search("", "1980-11-15")
	b.check("82-person")
	b.press("#produce")
	b.check("83-reports-ordered")
	for tries := 0; tries < 100 && ask[int](b, `document.querySelectorAll('a[href$="/file"]').length`) < 2; tries++ {
		time.Sleep(100 * time.Millisecond)
		b.open(b.PortalURL + "/dpo/reports")
	}
	b.check("84-reports")
}

// search types what is not typed yet and sends it.
func (b *chromium) search(name, birthdate string) {
	b.t.Helper()
	if name != "" {
		b.do(chromedp.SendKeys(chromedp.CSS("#family_name"), name))
		b.do(chromedp.SendKeys(chromedp.CSS("#reason"), "demande d’accès du 3 mars"))
	}
	if birthdate != "" {
		ask[bool](b, `(document.querySelector('#birthdate').value = '`+birthdate+`') !== ''`)
	}
	b.press(`form[action="/dpo/people"] button[type="submit"]`)
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
