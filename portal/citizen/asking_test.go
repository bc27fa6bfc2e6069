package citizen_test

import (
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

func TestACitizenAskedTooOftenIsSparedTheQuestion(t *testing.T) {
	w := newWorld(t)
	purpose, _ := consent.PurposeOf(consenttest.Canteen().Purpose)
	for range purpose.MaxAsked {
		w.Identified(t, w.Push())
	}
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	expect(t, "spared", b.Get(w.base+signInPath(path)), 200, "Cette demande est close", "la même question", "ne reçoit rien", "Revenir à")
	if target := b.Get(w.base+path+"/return", w.outside()).Header.Get("Location"); !strings.Contains(target, "error=access_denied") {
		t.Errorf("sent back to %s", target)
	}
}
