package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/portal/web/held"
	"portail.example/portal/web/webtest"
)

// From the receipt and the consent to the text, which anybody may read.
func TestATextIsReadAtItsOwnAddress(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	g, r := w.Granted(t, w.Push())
	d, err := w.Store.DecisionOn(t.Context(), g.Subject, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	address := "/texts/" + held.HashOf(d.Statement)
	expect(t, "receipt", b.Get(w.base+"/receipts/"+d.ID), 200, `href="`+address+`"`)
	expect(t, "consent", b.Get(w.base+"/consents/"+g.ID), 200, `href="`+address+`"`)
	stranger := webtest.NewBrowser(t)
	expect(t, "text", stranger.Get(w.base+address), 200, d.Statement.Text, "24 novembre 2026", "Français", `lang="fr"`, held.HashOf(d.Statement))
	for _, bad := range []string{"x", strings.Repeat("0", 64), strings.Repeat("0", 63), strings.Repeat("0", 66), strings.Repeat("g", 64)} {
		if a := stranger.Get(w.base + "/texts/" + bad); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
}

// A text with a file number is for the citizen whose file it is.
func TestATextThatNamesAFileIsNotForEverybody(t *testing.T) {
	w := newWorld(t)
	p := w.Push()
	p.ForcePrompt = true
	answer := w.Allow(w.Identified(t, p))
	answer.Statement.Text, answer.Statement.Own = "Dossier 2026-117", true
	if _, err := w.Service.Decide(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	address := w.base + "/texts/" + held.HashOf(answer.Statement)
	expect(t, "a stranger", webtest.NewBrowser(t).Get(address), 404)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	expect(t, "its citizen", b.Get(address), 200, "Dossier 2026-117", "vous seul le voyez")
}

// What the page records of a filed request with a number is for its citizen alone, and
// of another one for everybody.
func TestThePageTellsApartTextsThatNameAFile(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	for _, reference := range []string{"", "2026-117"} {
		filing := w.Filing(consenttest.Angela().Identity)
		filing.Reference = reference
		r, err := w.Service.FileRequest(t.Context(), filing)
		if err != nil {
			t.Fatal(err)
		}
		w.send(b, "/requests/"+r.ID+"/decision", url.Values{"decision": {"refuse"}})
		d, err := w.Store.DecisionOn(t.Context(), w.Viewer.Subject, r.ID)
		if err != nil || d.Statement.Own != (reference != "") {
			t.Errorf("reference %q: own %v, %v", reference, d.Statement.Own, err)
		}
		w.Clock.Advance(time.Minute)
	}
}

// After the purpose changed its meaning, the page says since when, and records it.
func TestTheCitizenIsToldWhyTheyAreAskedAgain(t *testing.T) {
	w := newWorld(t)
	p := w.Push()
	answer := w.Allow(w.Identified(t, p))
	answer.Statement.Version = 0 // older than any that is material
	if _, err := w.Service.Decide(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in") // before the request comes: it is known whose it is by opening it
	path := w.open(b, p)
	page := b.Get(w.base + path)
	expect(t, "asked again", page, 200, "Vous avez déjà accepté le 24 novembre 2026.", "a changé")
	if strings.Contains(page.Body, "partagez déjà") {
		t.Error("the page says that it is shared already")
	}
	w.send(b, path+"/decision", url.Values{"decision": {"refuse"}})
	d, err := w.Store.DecisionOn(t.Context(), w.Viewer.Subject, strings.TrimPrefix(path, "/requests/"))
	if err != nil || !strings.Contains(d.Statement.Text, "Vous avez déjà accepté le 24 novembre 2026.") {
		t.Errorf("recorded %q, %v", d.Statement.Text, err)
	}
}
