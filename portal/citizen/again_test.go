package citizen_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// unfinished is a form that a citizen fills in, and what its page shows of it.
type unfinished struct {
	page, target string
	form         url.Values
	shows        []string
}

// filedPath is a request that waits for Angela.
func (w *world) filedPath() string {
	w.t.Helper()
	f := w.Filing(consenttest.Angela().Identity)
	f.Details.Groups = []consent.DataGroup{consent.GroupQuotientFamilial, consent.GroupEnfants, consent.GroupAdresse}
	r, err := w.Service.FileRequest(w.t.Context(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	return "/requests/" + r.ID
}

func (w *world) unfinished() map[string]unfinished {
	w.t.Helper()
	g, _ := w.Granted(w.t, w.Push())
	own, decision := "/consents/"+g.ID, w.decision()
	request := decision.page
	return map[string]unfinished{
		"a decision":   decision,
		"a preview":    {request, request + "/preview", url.Values{"datatypes": {"adresse"}, "until": {"asked"}}, []string{`value="adresse"`}},
		"a reduction":  {own + "/reduce", own + "/reduce", url.Values{"datatypes": {"enfants"}, "ends_on": {"2027-03-04"}}, []string{`value="enfants"`, `value="2027-03-04"`}},
		"a withdrawal": {own + "/withdraw", own + "/withdraw", url.Values{"reason": {string(consent.Reasons()[0])}}, []string{`value="` + string(consent.Reasons()[0]) + `"`}},
		"everything":   {"/withdraw-all", "/withdraw-all", url.Values{"reason": {string(consent.Reasons()[0])}}, []string{`value="` + string(consent.Reasons()[0]) + `"`}},
		"a pause":      {own, own + "/pause", nil, nil},
		"a right":      {"/my-data/ask", "/my-data/ask", url.Values{"right": {"erasure"}, "message": {"mes mots à moi"}}, []string{`value="erasure"`, "mes mots à moi"}},
		"an address":   {"/notices", "/notices/address", url.Values{"address": {"angela@example.org"}, "kind": {"ending"}}, []string{`value="angela@example.org"`, `value="ending"`}},
	}
}

// decision is an answer to a request that waits for Angela.
func (w *world) decision() unfinished {
	request := w.filedPath()
	return unfinished{
		request, request + "/decision", url.Values{"decision": {"allow"}, "datatypes": {"enfants", "adresse"}, "until": {"date"}, "ends_on": {"2027-02-01"}},
		[]string{`value="enfants"`, `value="adresse"`, `value="date"`, `value="2027-02-01"`},
	}
}

var control = regexp.MustCompile(`(?s)<input[^>]*>|<textarea.*?</textarea>|<option[^>]* selected>`)

// filled is what the page's form holds: ticks, dates and words.
func filled(body string) (out []string) {
	for _, field := range control.FindAllString(main(body), -1) {
		choice := strings.Contains(field, `type="checkbox"`) || strings.Contains(field, `type="radio"`)
		if !choice || strings.Contains(field, " checked") {
			out = append(out, readable(field))
		}
	}
	return out
}

// nothingDone: no answer but the one that gave the consent, which stands as it was.
func (w *world) nothingDone(what string) {
	w.t.Helper()
	grants, err := w.Store.Grants(w.t.Context(), consent.GrantQuery{Subject: w.Viewer.Subject, At: w.Clock.Now(), All: true, Limit: 9})
	if err != nil || len(grants) != 1 || grants[0].Standing(w.Clock.Now()) != nil || len(grants[0].Details.Groups) != 2 || len(w.Memory.Answers()) != 1 {
		w.t.Errorf("%s: something was done: %v %+v", what, err, grants)
	}
	asked, err := w.Service.RightsRequests(w.t.Context(), w.Viewer.Subject)
	if _, left := w.Service.Contact(w.t.Context(), w.Viewer.Subject); err != nil || len(asked) != 0 || left == nil {
		w.t.Errorf("%s: something was sent", what)
	}
}

var nextStep = regexp.MustCompile(`class="fr-btn" href="([^"]+)"`)

// late sends a form after its citizen's session ended, and returns what came back.
func (w *world) late(b *webtest.Browser, u unfinished) webtest.Answer {
	w.t.Helper()
	a := b.Post(w.base+u.target, u.form)
	expect(w.t, u.target, a, http.StatusUnauthorized, "Votre session est terminée", "Rien n’est encore envoyé")
	return a
}

func (w *world) identifyAgain(b *webtest.Browser, a webtest.Answer) webtest.Answer {
	return b.Get(w.base + strings.ReplaceAll(nextStep.FindStringSubmatch(main(a.Body))[1], "&amp;", "&"))
}

func TestAFormSurvivesASessionThatEnded(t *testing.T) {
	ends := map[string]func(w *world){
		"idle": func(w *world) { w.Clock.Advance(consent.SessionIdle) },
		"ended elsewhere": func(w *world) {
			desk := w.signIn("")
			desk.Post(w.base+"/sessions/end-others", nil)
		},
	}
	for _, name := range slices.Sorted(maps.Keys(newWorld(t).unfinished())) {
		for how, end := range ends {
			t.Run(name+", "+how, func(t *testing.T) {
				w := newWorld(t)
				u := w.unfinished()[name]
				b := w.signIn(phoneAgent)
				before := filled(b.Get(w.base + u.page).Body)
				end(w)
				refused := w.late(b, u)
				back := w.identifyAgain(b, refused)
				if back.URL.Path != u.page || back.URL.RawQuery != "" {
					t.Fatalf("came back to %s", back.URL)
				}
				expect(t, "back", back, 200, "Vous revoilà", "Rien n’est encore enregistré")
				got := strings.Join(filled(back.Body), "\n")
				for _, want := range u.shows {
					if !strings.Contains(got, want) {
						t.Errorf("%s is not as it was left:\n%s\nbefore:\n%s", want, got, strings.Join(before, "\n"))
					}
				}
				w.nothingDone(name)
				for _, words := range []string{"2027-02-01", "mes", "angela", "adresse"} {
					if strings.Contains(refused.URL.RawQuery+nextStep.FindString(main(refused.Body))+back.URL.String(), words) {
						t.Errorf("%q is in an address", words)
					}
				}
			})
		}
	}
}

// Ticks come back exactly: what was left out stays out.
func TestWhatWasLeftOutStaysOut(t *testing.T) {
	w := newWorld(t)
	u, b := w.decision(), w.signIn("")
	w.Clock.Advance(consent.SessionIdle)
	back := w.identifyAgain(b, w.late(b, u))
	ticked := regexp.MustCompile(`name="datatypes" value="(\w+)"[^>]* checked`).FindAllStringSubmatch(back.Body, -1)
	if len(ticked) != 2 || ticked[0][1] != "enfants" || ticked[1][1] != "adresse" {
		t.Errorf("ticked: %v", ticked)
	}
	done := w.send(b, u.target, u.form)
	expect(t, "pressed again", done, 200, "C’est autorisé", "1er février 2027")
	expect(t, "afterwards", b.Get(w.base+"/my-data"), 200)
	if strings.Contains(b.Get(w.base+u.page).Body, "Vous revoilà") {
		t.Error("the form still waits after it was sent")
	}
}

func TestAnotherPersonIsNotShownTheForm(t *testing.T) {
	for name := range newWorld(t).unfinished() {
		w := newWorld(t)
		u := w.unfinished()[name]
		b := w.signIn("")
		w.Clock.Advance(consent.SessionIdle)
		refused := w.late(b, u)
		w.provider.in = consenttest.Pierre()
		for _, page := range []webtest.Answer{w.identifyAgain(b, refused), b.Get(w.base + u.page), b.Get(w.base + "/my-data/ask"), b.Get(w.base + "/notices")} {
			if strings.Contains(page.Body, "Vous revoilà") || strings.Contains(page.Body, "mes mots") || strings.Contains(page.Body, "angela@") {
				t.Errorf("%s: another person reads it at %s", name, page.URL)
			}
		}
		w.provider.in = consenttest.Angela()
		b.Get(w.base + "/sign-out")
		if strings.Contains(b.Get(w.base+"/sign-in").Body, "Vous revoilà") {
			t.Errorf("%s: it outlived another person's session", name)
		}
	}
}

func TestAFormWaitsForHalfAnHour(t *testing.T) {
	for wait, shown := range map[time.Duration]bool{consent.DraftLifetime - time.Second: true, consent.DraftLifetime: false} {
		w := newWorld(t)
		u := w.unfinished()["a right"]
		b := w.signIn("")
		w.Clock.Advance(consent.SessionIdle)
		refused := w.late(b, u)
		w.Clock.Advance(wait)
		if got := strings.Contains(w.identifyAgain(b, refused).Body, "mes mots à moi"); got != shown {
			t.Errorf("after %s the form is shown: %v", wait, got)
		}
	}
}

// Nobody can tell whose form it is that comes from a browser we do not know, or from
// one where nobody ever signed in: it is not kept.
func TestAFormOfNobodyIsNotKept(t *testing.T) {
	w := newWorld(t)
	u := w.unfinished()["a right"]
	known := webtest.NewBrowser(t)
	w.open(known, w.Push())
	for name, b := range map[string]*webtest.Browser{"unknown": webtest.NewBrowser(t), "nobody signed in": known} {
		expect(t, name, b.Post(w.base+u.target, u.form), http.StatusUnauthorized, "Identifiez-vous")
		if page := b.Get(w.base + "/sign-in"); page.URL.Path != "/home" {
			t.Errorf("%s: came to %s", name, page.URL)
		}
		if strings.Contains(b.Get(w.base+u.page).Body, "mes mots") {
			t.Errorf("%s: kept", name)
		}
	}
	long := w.signIn("")
	w.Clock.Advance(consent.SessionIdle)
	u.form.Set("message", strings.Repeat("mes mots ", consent.MaxDraft/8))
	expect(t, "too long", long.Post(w.base+u.target, u.form), http.StatusUnauthorized, "Identifiez-vous")
}

// A link pressed too late leads to its page after signing in, and does not push out a
// form that waits.
func TestAPageWaitsToo(t *testing.T) {
	w := newWorld(t)
	u := w.unfinished()["a right"]
	b := w.signIn("")
	w.Clock.Advance(consent.SessionIdle)
	expect(t, "late", b.Get(w.base+"/consents"), http.StatusUnauthorized, "Identifiez-vous")
	back := b.Get(w.base + "/sign-in")
	if back.URL.Path != "/consents" || strings.Contains(back.Body, "Vous revoilà") {
		t.Errorf("came back to %s", back.URL)
	}
	w.Clock.Advance(consent.SessionIdle)
	expect(t, "a file", b.Get(w.base+"/receipts/any/pdf"), http.StatusUnauthorized)
	if back := b.Get(w.base + "/sign-in"); back.URL.Path != "/receipts/any" {
		t.Errorf("came back to %s instead of the file's page", back.URL)
	}
	w.Clock.Advance(consent.SessionIdle)
	w.late(b, u)
	b.Get(w.base + "/consents")
	expect(t, "the form", b.Get(w.base+"/sign-in"), 200, "mes mots à moi")
}

// Another site cannot leave a form with its own ticks for the citizen to press.
func TestAFormFromElsewhereIsNotKept(t *testing.T) {
	w := newWorld(t)
	u := w.unfinished()["a right"]
	b := w.signIn("")
	w.Clock.Advance(consent.SessionIdle)
	evil := b.Clone()
	evil.Header.Set("Sec-Fetch-Site", "cross-site")
	expect(t, "from elsewhere", evil.Post(w.base+u.target, u.form), http.StatusForbidden)
	if page := b.Get(w.base + "/sign-in"); page.URL.Path != "/home" {
		t.Errorf("came to %s", page.URL)
	}
}

// A page that cannot be shown has no form, and does not say that one was kept.
func TestAnErrorPageDoesNotSayThatAFormWaits(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("")
	w.Clock.Advance(consent.SessionIdle)
	back := w.identifyAgain(b, w.late(b, unfinished{target: "/consents/gone/withdraw", form: url.Values{"reason": {"moved"}}}))
	expect(t, "gone", back, http.StatusNotFound, "Page introuvable")
	if strings.Contains(back.Body, "Vous revoilà") {
		t.Error("the page says that the form is as it was left")
	}
}
