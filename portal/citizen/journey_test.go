package citizen_test

import (
	"context"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/signing"
	"portail.example/portal/citizen"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// provider signs in whoever the test wants.
type provider struct {
	server *string // our own address
	in     consent.SignIn
	err    error
	begin  error
	asked  [][]string // scopes of data, at each beginning
	// refuseData: FranceConnect does not let us ask for data.
	refuseData bool
}

func (p *provider) Begin(_ context.Context, data ...string) (consent.SignInAttempt, string, error) {
	state, _ := consent.NewSecret()
	p.asked = append(p.asked, data)
	return consent.SignInAttempt{State: state, Nonce: "nonce", Data: len(data) > 0}, *p.server + "/franceconnect/callback?" + url.Values{"state": {state}, "code": {"c"}}.Encode(), p.begin
}

func (p *provider) Complete(_ context.Context, a consent.SignInAttempt, callback url.Values) (consent.SignIn, error) {
	if a.Nonce != "nonce" || callback.Get("code") != "c" {
		return consent.SignIn{}, consent.Refuse(consent.SignInFailed, "", "not what was begun")
	}
	in, err := p.in, p.err
	if !a.Data {
		in.Live = consent.LiveToken{}
	}
	if p.refuseData && a.Data {
		return consent.SignIn{}, consent.Refuse(consent.SignInFailed, "scope", "not entitled")
	}
	return in, err
}

func (p *provider) EndSessionURL(_ context.Context, hint, _ string) (string, error) {
	return *p.server + "/signed-out?hint=" + hint, nil
}

// world is the pages on a real port, with a request pushed at will.
type world struct {
	*consenttest.World
	t        *testing.T
	base     string
	provider *provider
	opener   opener
	source   *source
	live     *liveSource
	tree     *tree
	logs     *logs
	key      *signing.Key // signs receipts
}

// opener stands in for the OAuth room's authorize endpoint.
type opener struct {
	site    *web.Site
	service *consent.Service
}

func newWorld(t *testing.T) *world { return entitledTo(t, consent.LiveScopes()...) }

// entitledTo is a portal whose operator may ask FranceConnect for some scopes.
func entitledTo(t *testing.T, scopes ...string) *world {
	w := &world{World: consenttest.NewWorld(t), t: t, source: &source{}, live: &liveSource{}, tree: &tree{}, logs: &logs{}, provider: &provider{in: consenttest.Angela()}}
	w.provider.server = &w.base
	w.live.source = &source{}
	w.provider.in.IDToken = "hint"
	var err error
	if w.key, _, err = signing.Generate(); err != nil {
		t.Fatal(err)
	}
	site := webtest.Site(t, w.Memory, w.Clock.Now)
	room := citizen.New(citizen.Config{
		Service: w.Service, Site: site, FranceConnect: w.provider, Attempts: w.Memory, Receipts: w.key, Proofs: w.tree, Notices: true, Issuer: "https://portal.example", Now: w.Clock.Now,
		Operator: citizen.Operator{Contact: "contact@portail.example"},
		Source:   w.source, Live: w.live, LiveScopes: scopes, OwnSIRET: portalSIRET,
	})
	w.opener = opener{site, w.Service}
	server := webtest.Serve(t, slog.New(slog.NewTextHandler(w.logs, nil)), site, w.Clock.Now, room, site, w.opener)
	w.base = server.URL
	return w
}

// open pushes a request and opens it in a browser, as the authorize endpoint does.
func (w *world) open(b *webtest.Browser, p consent.Push) (requestPath string) {
	w.t.Helper()
	secret, _, err := w.Service.PushRequest(w.t.Context(), p)
	if err != nil {
		w.t.Fatal(err)
	}
	a := b.Get(w.base+"/open?"+url.Values{"client": {p.Client.ID}, "secret": {secret}}.Encode(), webtest.Stop)
	return a.Header.Get("Location")
}

var shownText = regexp.MustCompile(`name="shown" value="([^"]+)"`)

// send answers a request with the form that its page shows now.
func (w *world) send(b *webtest.Browser, target string, form url.Values) webtest.Answer {
	w.t.Helper()
	page := b.Get(w.base + target[:strings.LastIndex(target, "/")])
	sent := url.Values{}
	maps.Copy(sent, form)
	if match := shownText.FindStringSubmatch(page.Body); match != nil {
		sent.Set("shown", match[1])
	}
	return b.Post(w.base+target, sent)
}

func expect(t *testing.T, what string, a webtest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: status %d, want %d (at %s)", what, a.Status, status, a.URL)
	}
	for _, text := range texts {
		if !strings.Contains(readable(a.Body), readable(text)) {
			t.Errorf("%s: %q is not on the page\n%s", what, text, main(a.Body))
		}
	}
}

// readable is a page as its reader sees it: no entity, plain spaces.
func readable(text string) string {
	return strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " ")
}

var mainPart = regexp.MustCompile(`(?s)<main.*</main>`)

func main(body string) string { return mainPart.FindString(body) }

var allow = url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial", "enfants"}}

// outside stops at the administration's door.
func (w *world) outside() func(*url.URL) bool { return webtest.Within(w.base) }

func TestTheWholeStory(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	expect(t, "arrival", b.Get(w.base+path), 200, "Commune de Lisière-sur-Ource demande votre quotient familial (CAF ou MSA)", "21990012300015", "FranceConnect", "Continuer sans partager")
	form := b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
	expect(t, "consent screen", form, 200, "Autoriser le partage", "Refuser", "31 août 2027", "12 mois", "R. 531-52", "dpo@lisiere.example", "Vous êtes libre de refuser")
	done := w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}, "ends_on": {"2027-01-31"}})
	expect(t, "done", done, 200, "C’est autorisé", "31 janvier 2027", "Revenir à Commune de Lisière-sur-Ource")
	if strings.Contains(main(done.Body), "enfants") {
		t.Error("the group left out is on the done page")
	}
	back := b.Get(w.base+path+"/return", w.outside())
	target, _ := url.Parse(back.Header.Get("Location"))
	q := target.Query()
	if !strings.HasPrefix(target.String(), "https://lisiere.example/callback?") || q.Get("code") == "" || q.Get("state") != "client-state" || q.Get("iss") != "https://portal.example" {
		t.Errorf("sent back to %s", target)
	}
	home := b.Get(w.base + "/")
	expect(t, "home", home, 200, "Vous êtes Angela DUBOIS.", "Commune de Lisière-sur-Ource – tarif de cantine", "En cours", "Aucune consultation")
	consentPath := regexp.MustCompile(`/consents/[\w-]+`).FindString(home.Body)
	expect(t, "consent", b.Get(w.base+consentPath), 200, "valable jusqu’au 31 janvier 2027", "Retirer l’autorisation")
	expect(t, "withdraw?", b.Get(w.base+consentPath+"/withdraw"), 200, "Ce qui s’arrête tout de suite", "12 mois au plus")
	expect(t, "withdrawn", b.Post(w.base+consentPath+"/withdraw", nil), 200, "Retirée", "Plus aucune transmission depuis le 24 novembre 2026 à 10:00:00")
	expect(t, "home after", b.Get(w.base+"/home"), 200, "Aucune autorisation en cours")
	expect(t, "past consents", b.Get(w.base+"/consents?state=ended"), 200, "1 autorisation", "Retirée")
	late := b.Get(w.base+path+"/return", w.outside())
	if !strings.Contains(late.Header.Get("Location"), "error=access_denied") {
		t.Errorf("after the withdrawal: %s", late.Header.Get("Location"))
	}
}

func TestTheScreenIsWhatTheDecisionRecords(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		t.Run(lang, func(t *testing.T) {
			w := newWorld(t)
			b := webtest.NewBrowser(t)
			b.Header.Set("Accept-Language", lang)
			path := w.open(b, w.Push())
			screen := b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
			w.send(b, path+"/decision", allow)
			statement := w.Memory.Answers()[0].Statement
			if statement.Language != lang || len(strings.Split(statement.Text, "\n")) < 8 {
				t.Fatalf("recorded %q in %s", statement.Text, statement.Language)
			}
			for _, line := range strings.Split(statement.Text, "\n") {
				for _, part := range strings.Split(line, " – ") {
					expect(t, "screen", screen, 200, part)
				}
			}
		})
	}
}

func TestTheEndChosenIsTheEndRecorded(t *testing.T) {
	cases := map[string]struct {
		asked, until, day, want string
		access                  consent.AccessMode
		told                    string
	}{
		"as asked":        {"2027-12-24", "asked", "", "2027-12-24", consent.Continuous, "24 décembre 2027"},
		"one year":        {"2027-12-24", "one_year", "", "2027-11-24", consent.Continuous, "24 novembre 2027"},
		"the school year": {"2027-12-24", "school_year", "", "2027-08-31", consent.Continuous, "31 août 2027"},
		"once":            {"2027-08-31", "once", "", "2026-11-25", consent.Once, "Une seule fois"},
		"a day":           {"2027-08-31", "date", "2027-02-01", "2027-02-01", consent.Continuous, "1er février 2027"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, b := newWorld(t), webtest.NewBrowser(t)
			push := w.Push()
			push.Details.EndsOn, _ = consent.ParseDate(c.asked)
			path := w.open(b, push)
			b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
			form := url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}, "until": {c.until}, "ends_on": {c.day}}
			expect(t, "done", w.send(b, path+"/decision", form), 200, "C’est autorisé", c.told)
			d := w.Memory.Answers()[0]
			grants, err := w.Store.Grants(t.Context(), consent.GrantQuery{Subject: d.Subject, At: w.Clock.Now(), All: true, Limit: 9})
			if err != nil || len(grants) != 1 || grants[0].Details.EndsOn.String() != c.want || grants[0].Details.Access != c.access {
				t.Errorf("granted %+v, %v", grants, err)
			}
			if d.EndsOn.String() != c.want || !strings.Contains(d.Statement.Text, "Cette fois seulement") {
				t.Errorf("recorded until %s on %q", d.EndsOn, d.Statement.Text)
			}
		})
	}
}

func TestOtherPeoplesDataStartsUnticked(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	body := b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/")).Body
	ticked := regexp.MustCompile(`name="datatypes" value="(\w+)"[^>]* checked`).FindAllStringSubmatch(body, -1)
	if len(ticked) != 1 || ticked[0][1] != "quotient_familial" {
		t.Errorf("ticked at first: %v", ticked)
	}
}

func TestRefusingIsAsEasyAndNeedsNoSignIn(t *testing.T) {
	cases := map[string]func(w *world, b *webtest.Browser, path string) webtest.Answer{
		"on arrival": func(w *world, b *webtest.Browser, path string) webtest.Answer {
			return w.send(b, path+"/decline", nil)
		},
		"on the screen": func(w *world, b *webtest.Browser, path string) webtest.Answer {
			b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
			return w.send(b, path+"/decision", url.Values{"decision": {"refuse"}, "datatypes": {"quotient_familial"}})
		},
	}
	for name, refuse := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := webtest.NewBrowser(t)
			path := w.open(b, w.Push())
			expect(t, "done", refuse(w, b, path), 200, "Vous avez refusé", "ne reçoit rien", "apportez votre attestation")
			// Refused, and nothing of where, when or why: one answer for both.
			told := url.Values{"error": {"access_denied"}, "error_description": {"the citizen refused"}, "state": {"client-state"}, "iss": {"https://portal.example"}}
			if target := b.Get(w.base+path+"/return", w.outside()).Header.Get("Location"); target != "https://lisiere.example/callback?"+told.Encode() {
				t.Errorf("sent back to %s", target)
			}
			for _, e := range w.Memory.Events() {
				if e.Type != consent.EventRefused || e.Sub != "" || e.GrantID != "" {
					t.Errorf("told %+v", e)
				}
			}
			if d := w.Memory.Answers(); len(d) != 1 || d[0].Allowed || d[0].Statement.Text == "" {
				t.Errorf("recorded %+v", d)
			}
		})
	}
}

func TestAFormThatCannotBeRecordedComesBackAsItWasTyped(t *testing.T) {
	cases := map[string]struct {
		form url.Values
		want []string
	}{
		"nothing ticked": {url.Values{"decision": {"allow"}, "ends_on": {"2027-03-01"}}, []string{"Cochez au moins une donnée", `value="2027-03-01"`, `href="#datatypes"`}},
		"too late a day": {url.Values{"decision": {"allow"}, "datatypes": {"enfants"}, "ends_on": {"2030-01-01"}}, []string{"31 août 2027", `value="2030-01-01"`, `href="#ends_on"`, `value="enfants" id="datatypes-enfants" checked`}},
		"yesterday":      {url.Values{"decision": {"allow"}, "datatypes": {"enfants"}, "ends_on": {"2026-11-23"}}, []string{"Choisissez une date entre aujourd’hui"}},
		"not a date":     {url.Values{"decision": {"allow"}, "datatypes": {"enfants"}, "ends_on": {"<script>"}}, []string{"Choisissez une date", `value="<script>"`}},
		"a day beside another choice": {url.Values{"decision": {"allow"}, "datatypes": {"enfants"}, "until": {"asked"}, "ends_on": {"2027-03-01"}},
			[]string{"une autre réponse est cochée", `href="#until"`, `value="asked" id="until" checked`, `value="2027-03-01"`}},
		"a day without a day":  {url.Values{"decision": {"allow"}, "datatypes": {"enfants"}, "until": {"date"}}, []string{"Choisissez une date", `value="date" id="until-date" checked`}},
		"an end never offered": {url.Values{"decision": {"allow"}, "datatypes": {"enfants"}, "until": {"one_year"}}, []string{"Votre choix"}},
		"no button":            {url.Values{"datatypes": {"enfants"}}, []string{"Appuyez sur"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := webtest.NewBrowser(t)
			path := w.open(b, w.Push())
			b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
			expect(t, name, w.send(b, path+"/decision", c.form), http.StatusUnprocessableEntity, append(c.want, "Votre choix n’a pas été enregistré")...)
			if len(w.Memory.Answers()) != 0 {
				t.Error("a decision was recorded")
			}
		})
	}
}

func TestTheSecondPressShowsTheFirstAnswer(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
	w.send(b, path+"/decision", allow)
	expect(t, "second press", w.send(b, path+"/decision", url.Values{"decision": {"refuse"}}), 200, "C’est autorisé")
	if len(w.Memory.Answers()) != 1 {
		t.Error("two decisions")
	}
}

func TestAnExpiredRequestSaysSoAndTellsTheAdministration(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	w.Clock.Advance(w.Service.Limits().Journey - 1e9)
	b.Get(w.base + path) // still alive, and so is the session
	w.Clock.Advance(1e9)
	expect(t, "expired", b.Get(w.base+path), 200, "La demande a expiré", "recommencer")
	if target := b.Get(w.base+path+"/return", w.outside()).Header.Get("Location"); !strings.Contains(target, "error=access_denied") {
		t.Errorf("sent back to %s", target)
	}
}

func TestAnEarlierConsentAnswersAtOnce(t *testing.T) {
	w := newWorld(t)
	w.Granted(t, w.Push())
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	back := b.Get(w.base+"/sign-in?request="+strings.TrimPrefix(path, "/requests/"), w.outside())
	if !strings.Contains(back.Header.Get("Location"), "code=") {
		t.Errorf("not sent back at once: %d %s", back.Status, back.URL)
	}
}

// Mount adds what the OAuth room does when a request_uri is brought.
func (o opener) Mount(r gin.IRouter) {
	o.site.Get(r, "/open", func(c *gin.Context) error {
		session, err := o.site.EnsureSession(c)
		if err != nil {
			return err
		}
		request, err := o.service.OpenRequest(c.Request.Context(), c.Query("client"), c.Query("secret"), session.Browser)
		if err != nil {
			return err
		}
		c.Redirect(http.StatusSeeOther, "/requests/"+request.ID)
		return nil
	})
}

// The recorded text is the one that was read: when it changed meanwhile, the
// citizen reads it again.
func TestAnAnswerToAnotherTextIsNotRecorded(t *testing.T) {
	changes := map[string]func(w *world, b *webtest.Browser){
		"the language, in another tab": func(w *world, b *webtest.Browser) { b.Get(w.base + "/language?to=en&back=/") },
		"the registration": func(w *world, _ *webtest.Browser) {
			w.Client.Retention["tarification-cantine"] = 6
			if err := w.Memory.PutClient(w.t.Context(), w.Client); err != nil {
				w.t.Fatal(err)
			}
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := webtest.NewBrowser(t)
			path := w.open(b, w.Push())
			page := b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
			old := url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}, "shown": {shownText.FindStringSubmatch(page.Body)[1]}}
			change(w, b)
			again := b.Post(w.base+path+"/decision", old)
			if again.Status != http.StatusUnprocessableEntity || len(w.Memory.Answers()) != 0 {
				t.Errorf("%d, %d decisions", again.Status, len(w.Memory.Answers()))
			}
			w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}})
			if len(w.Memory.Answers()) != 1 {
				t.Error("the answer to the text as it is now was not recorded")
			}
		})
	}
}

// An administration cannot push a use out of sight by using it again and again.
func TestEveryUseCanBeReached(t *testing.T) {
	w := newWorld(t)
	issued := w.Issued(t, w.Push())
	const uses = 45
	for range uses {
		open, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Service.CompleteAccess(t.Context(), open.Access, consent.Released, ""); err != nil {
			t.Fatal(err)
		}
	}
	b := webtest.NewBrowser(t)
	page := b.Get(w.base + "/sign-in")
	address, seen := "/consents/"+issued.Grant.ID, 0
	for address != "" {
		page = b.Get(w.base + address)
		seen += strings.Count(page.Body, "Données transmises")
		address = ""
		if match := regexp.MustCompile(`href="(/consents/[^"]+\?after=[^"]+)"`).FindStringSubmatch(page.Body); match != nil {
			address = match[1]
		}
	}
	if seen != uses {
		t.Errorf("%d of %d uses are shown", seen, uses)
	}
	expect(t, "somebody else's use", b.Get(w.base+"/consents/"+issued.Grant.ID+"?after=AAAAAAAAAAAAAAAAAAAAAA"), http.StatusNotFound)
}
