package citizen_test

import (
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// given signs in and gives a consent; path is its page.
func (w *world) given(b *webtest.Browser, p consent.Push) (path string) {
	w.t.Helper()
	request := w.open(b, p)
	b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(request, "/requests/"))
	w.send(b, request+"/decision", allow)
	grants, err := w.Store.Grants(w.t.Context(), consent.GrantQuery{Subject: w.Viewer.Subject, All: true, Limit: 10})
	if err != nil || len(grants) == 0 {
		w.t.Fatalf("%d grants, %v", len(grants), err)
	}
	return "/consents/" + grants[0].ID
}

// less sends the form that the page shows now.
func (w *world) less(b *webtest.Browser, path string, form url.Values) webtest.Answer {
	w.t.Helper()
	if match := shownText.FindStringSubmatch(b.Get(w.base + path + "/reduce").Body); match != nil {
		form.Set("shown", match[1])
	}
	return b.Post(w.base+path+"/reduce", form)
}

func TestACitizenSharesLess(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.Push())
	expect(t, "consent", b.Get(w.base+path), 200, "Réduire l’autorisation")
	expect(t, "form", b.Get(w.base+path+"/reduce"), 200, "Ce que vous continuez de partager", "31 août 2027", "12 mois au plus", "une nouvelle autorisation")
	after := w.less(b, path, url.Values{"datatypes": {"quotient_familial"}, "ends_on": {"2027-01-31"}})
	expect(t, "reduced", after, 200, "valable jusqu’au 31 janvier 2027", "En cours")
	if strings.Contains(readable(main(after.Body)), "enfants") {
		t.Errorf("what was dropped is still there: %s", main(after.Body))
	}
	answers := w.Memory.Answers()
	if text := answers[len(answers)-1].Statement.Text; !strings.Contains(text, "Commune de Lisière-sur-Ource") || !strings.Contains(text, "nouvelle autorisation") {
		t.Errorf("recorded as read: %q", text)
	}
}

func TestAChoiceThatCannotBeRecordedComesBackAsTyped(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.Push())
	for name, c := range map[string]struct {
		form  url.Values
		texts []string
	}{
		"nothing":  {url.Values{"ends_on": {"2027-02-03"}}, []string{"Gardez au moins une donnée", `href="#datatypes"`, `value="2027-02-03"`}},
		"the same": {url.Values{"datatypes": {"quotient_familial", "enfants"}}, []string{"Rien ne changerait", `href="#datatypes"`}},
		"later":    {url.Values{"datatypes": {"quotient_familial"}, "ends_on": {"2028-01-01"}}, []string{"entre aujourd’hui et le 31 août 2027", `href="#ends_on"`, `value="2028-01-01"`}},
		"no date":  {url.Values{"datatypes": {"quotient_familial"}, "ends_on": {"demain"}}, []string{"entre aujourd’hui et le", `value="demain"`}},
	} {
		expect(t, name, w.less(b, path, c.form), 422, c.texts...)
	}
	unread := b.Post(w.base+path+"/reduce", url.Values{"datatypes": {"quotient_familial"}, "shown": {"another text"}})
	expect(t, "another text", unread, 422, "Cette page a changé")
	expect(t, "afterwards", b.Get(w.base+path), 200, "valable jusqu’au 31 août 2027")
}

func TestWhatIsOverHasNoFormToReduceIt(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.PushOnce())
	if page := b.Get(w.base + path); strings.Contains(page.Body, "/reduce") {
		t.Error("a consent to one release offers it")
	}
	for name, a := range map[string]webtest.Answer{
		"form": b.Get(w.base + path + "/reduce"), "sent": b.Post(w.base+path+"/reduce", url.Values{"datatypes": {"quotient_familial"}}),
	} {
		if a.Status != 200 || !strings.HasSuffix(a.URL.Path, path) {
			t.Errorf("%s: %d at %s", name, a.Status, a.URL)
		}
	}
	expect(t, "a stranger's", webtest.NewBrowser(t).Get(w.base+path+"/reduce"), 401)
}
