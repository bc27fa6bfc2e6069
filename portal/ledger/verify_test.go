package ledger_test

import (
	"regexp"
	"strings"
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/portal/ledger"
	"portail.example/portal/web/webtest"
)

// The only file with a script is given away, not shown, and may fetch nothing.
func TestTheVerifyingPageIsAFileToTakeAway(t *testing.T) {
	clock := consenttest.NewClock()
	site := webtest.Site(t, consenttest.NewMemory(), clock.Now)
	base := webtest.Serve(t, webtest.Silent(), site, clock.Now, &ledger.Room{}).URL
	a := webtest.NewBrowser(t).Get(base + "/verify.html")
	page, policy := ledger.VerifyPage()
	if a.Status != 200 || a.Body != page || a.Header.Get("Content-Disposition") != `attachment; filename="verifier.html"` {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if header := a.Header.Get("Content-Security-Policy"); !strings.HasPrefix(header, policy) || !strings.HasPrefix(policy, "default-src 'none'; script-src 'sha256-") || strings.Contains(header, "unsafe") {
		t.Errorf("policy %q", header)
	}
	if !strings.Contains(page, `content="`+policy+`"`) || strings.Count(page, "<script") != 1 || strings.Count(page, "</script") != 1 {
		t.Error("the file does not bring its policy, or has another script")
	}
	if found := regexp.MustCompile(`(?i)(src|href|action)=|@import|url\(|fetch\(|innerHTML|eval\(`).FindString(page); found != "" {
		t.Errorf("%q could lead elsewhere", found)
	}
}
