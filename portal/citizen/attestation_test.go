package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

const attestationPath = "/attestation"

// copied is the form as somebody fills it in.
func copied(code string, lines ...string) url.Values {
	form := url.Values{"code": {code}}
	for i, line := range lines {
		form.Set([]string{"line_1", "line_2", "line_3"}[i], line)
	}
	return form
}

func TestAnybodyChecksAPaper(t *testing.T) {
	w := newWorld(t)
	code := w.Attested(t, "novembre 2026", "CNAF", "4\u202f270", "novembre 2026", "DUBOIS, ANGELA").Printed()
	w.Clock.Advance(24 * time.Hour)
	b := webtest.NewBrowser(t)
	page := b.Get(w.base + attestationPath)
	expect(t, "the form", page, 200, "Vérifier une attestation", "Code imprimé", "Ligne 3", `method="post"`)
	other := copied(code)
	other.Set("number", "5")
	other.Set("text", "dubois angela")
	absent := copied(code)
	absent.Set("number", "9")
	absent.Set("text", "dubois angela")
	for what, c := range map[string]struct {
		form   url.Values
		status int
		texts  []string
	}{
		"as printed":         {copied(strings.ToLower(code), "Novembre 2026", "CNAF", "4270"), 200, []string{"C’est bien ce que dit l’attestation", "ligne 1 (« Mois »), 2 (« Organisme ») et 3 (« Quotient familial »)", w.Client.LegalName, "24 novembre 2026"}},
		"another line":       {other, 200, []string{"C’est bien ce que dit", "ligne 5"}},
		"another amount":     {copied(code, "novembre 2026", "CNAF", "427"), 200, []string{"Ce n’est pas ce que dit l’attestation : ligne 3", "modifié"}},
		"another month":      {copied(code, "octobre 2026"), 200, []string{"Ce n’est pas ce que dit l’attestation : ligne 1"}},
		"a line there isn't": {absent, 200, []string{"ligne 9"}},
		"another code":       {copied(consent.NewAttestationCode().Printed(), "novembre 2026"), 200, []string{"Aucune attestation n’a ce code", "36 mois"}},
		"a mistyped code":    {copied(code[:23], "novembre 2026"), 422, []string{"faute de frappe", `href="#code"`, `aria-invalid="true"`}},
		"no line":            {copied(code), 422, []string{"Recopiez au moins une ligne", `href="#line_1"`}},
		"no number":          {url.Values{"code": {code}, "text": {"x"}}, 422, []string{"de 1 à 32", `href="#number"`}},
		"too high a number":  {url.Values{"code": {code}, "number": {"33"}, "text": {"x"}}, 422, []string{"de 1 à 32"}},
		"nothing":            {url.Values{}, 422, []string{"faute de frappe", "Recopiez au moins une ligne"}},
	} {
		w.Clock.Advance(time.Minute)
		a := b.Post(w.base+attestationPath, c.form)
		expect(t, what, a, c.status, c.texts...)
		if told := strings.Contains(a.Body, w.Client.LegalName); told != strings.Contains(a.Body, "fr-alert--success") {
			t.Errorf("%s: the administration is told: %v", what, told)
		}
		if a.Header.Get("X-Robots-Tag") != "noindex, nofollow" || a.Header.Get("Cache-Control") != "no-store" || len(a.Header.Values("Set-Cookie")) != 0 {
			t.Errorf("%s: sent with %v", what, a.Header)
		}
	}
	for _, word := range append(strings.Split(code, "-"), "4270", "DUBOIS") {
		if strings.Contains(w.logs.String(), word) {
			t.Errorf("%s is in the log", word)
		}
	}
}

// The page tells what is printed and no more: not that the consent was taken back.
func TestAPaperOutlivesItsConsent(t *testing.T) {
	w := newWorld(t)
	code := w.Attested(t, "novembre 2026").Printed()
	b := webtest.NewBrowser(t)
	before := b.Post(w.base+attestationPath, copied(code, "novembre 2026"))
	list, err := w.Store.Accesses(t.Context(), w.Viewer.Subject, "", consent.Access{}, 1)
	if err == nil {
		_, err = w.Service.Withdraw(t.Context(), w.Viewer.Subject, list[0].GrantID, consent.Unsaid)
	}
	if err != nil {
		t.Fatal(err)
	}
	if after := b.Post(w.base+attestationPath, copied(code, "novembre 2026")); main(after.Body) != main(before.Body) {
		t.Errorf("the page tells of the withdrawal:\n%s", main(after.Body))
	}
}

func TestThePageSpeaksEveryLanguage(t *testing.T) {
	w := newWorld(t)
	code := w.Attested(t, "novembre 2026").Printed()
	for lang, says := range map[string]string{"fr": "C’est bien", "en": "This is what the statement says", "es": "Es lo que dice el certificado", "ar": "هذا ما تقوله الشهادة"} {
		b := webtest.NewBrowser(t)
		b.Header.Set("Accept-Language", lang)
		expect(t, lang, b.Post(w.base+attestationPath, copied(code, "novembre 2026")), 200, says, `lang="`+lang+`"`)
	}
}

// Whoever holds a code and guesses amounts is soon stopped, wherever they ask from; a pile
// of other papers goes through.
func TestGuessingIsStopped(t *testing.T) {
	w := newWorld(t)
	code := w.Attested(t, "novembre 2026", "CNAF", "4270").Printed()
	b := webtest.NewBrowser(t)
	var last webtest.Answer
	tries := 0
	for ; tries < 50 && last.Status != http.StatusTooManyRequests; tries++ {
		last = b.Post(w.base+attestationPath, copied(code, "", "", "4271"))
	}
	if tries != 11 || last.Header.Get("Retry-After") == "" {
		t.Errorf("stopped after %d tries, %d, %v", tries, last.Status, last.Header)
	}
	for range 9 {
		expect(t, "another paper", b.Post(w.base+attestationPath, copied(consent.NewAttestationCode().Printed(), "novembre 2026")), 200, "Aucune attestation")
	}
	if more := b.Post(w.base+attestationPath, copied(consent.NewAttestationCode().Printed(), "novembre 2026")); more.Status != http.StatusTooManyRequests {
		t.Errorf("a pile without end: %d", more.Status)
	}
	w.Clock.Advance(6 * time.Minute)
	expect(t, "later", b.Post(w.base+attestationPath, copied(code, "", "", "4270")), 200, "C’est bien")
}

// The citizen sees on each list that a paper was made of a consultation.
func TestACitizenSeesThatAPaperWasMade(t *testing.T) {
	w := newWorld(t)
	w.Attested(t, "novembre 2026")
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	list, err := w.Store.Accesses(t.Context(), w.Viewer.Subject, "", consent.Access{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/home", "/history", "/history.csv", "/consents/" + list[0].GrantID} {
		expect(t, path, b.Get(w.base+path), 200, "une attestation papier vérifiable en a été faite")
	}
	expect(t, "copy", b.Post(w.base+"/my-data/export", url.Values{"format": {"json"}}), 200, `"attested":true`)
}
