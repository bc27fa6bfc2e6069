package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

const sessionCookie = "__Host-session"

func signInPath(path string) string {
	return "/sign-in?request=" + strings.TrimPrefix(path, "/requests/")
}

func TestAnotherBrowserNeitherSeesNorAnswers(t *testing.T) {
	w := newWorld(t)
	b, thief := webtest.NewBrowser(t), webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	b.Get(w.base + signInPath(path))
	thief.Get(w.base + "/sign-in") // signed in, as the same person even
	for _, step := range []func() webtest.Answer{
		func() webtest.Answer { return thief.Get(w.base + path) },
		func() webtest.Answer { return w.send(thief, path+"/decision", allow) },
		func() webtest.Answer { return thief.Get(w.base + path + "/done") },
		func() webtest.Answer { return thief.Get(w.base+path+"/return", w.outside()) },
	} {
		a := step()
		expect(t, a.URL.Path, a, http.StatusForbidden, "n’est pas ouverte ici")
	}
}

func TestAnotherCitizensConsentDoesNotExist(t *testing.T) {
	w := newWorld(t)
	g, _ := w.Granted(t, w.Push())
	w.provider.in = consenttest.Pierre()
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	for _, path := range []string{"/consents/" + g.ID, "/consents/" + g.ID + "/withdraw", "/consents/none", "/consents/%00", "/consents/" + strings.Repeat("a", 65)} {
		expect(t, path, b.Get(w.base+path), http.StatusNotFound, "Page introuvable")
	}
	expect(t, "withdraw", b.Post(w.base+"/consents/"+g.ID+"/withdraw", nil), http.StatusNotFound)
	if stored, _ := w.Store.Grant(t.Context(), g.Subject, g.ID); stored.Status != consent.GrantActive {
		t.Error("another citizen withdrew it")
	}
}

func TestTheCallbackIsBelievedOnceInOneBrowserInTime(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	begin := func() string { return b.Get(w.base+"/sign-in", webtest.Stop).Header.Get("Location") }
	callback := begin()
	other := webtest.NewBrowser(t)
	expect(t, "another browser", other.Get(callback), http.StatusBadRequest, "L’identification n’a pas abouti")
	expect(t, "burnt by it", b.Get(callback), http.StatusBadRequest)
	callback = begin()
	expect(t, "first use", b.Get(callback), 200, "Mes autorisations")
	expect(t, "replayed", b.Get(callback), http.StatusBadRequest, "a déjà servi", "Réessayer")
	callback = begin()
	w.Clock.Advance(consent.SignInLifetime)
	expect(t, "too late", b.Get(callback), http.StatusBadRequest)
	for name, query := range map[string]string{"no state": "?code=c", "tampered": "?code=c&state=forged", "nothing": "", "an error without state": "?error=access_denied"} {
		expect(t, name, b.Get(w.base+"/franceconnect/callback"+query), http.StatusBadRequest, "L’identification n’a pas abouti")
	}
}

func TestFranceConnectsProblemsEndInACalmPageWithAWayBackToTheJourney(t *testing.T) {
	cases := map[consent.Code]struct {
		status int
		text   string
	}{
		consent.SignInCancelled:   {http.StatusOK, "Vous n’êtes pas identifié"},
		consent.SignInFailed:      {http.StatusBadRequest, "L’identification n’a pas abouti"},
		consent.SignInUnavailable: {http.StatusServiceUnavailable, "FranceConnect ne répond pas"},
	}
	for code, c := range cases {
		t.Run(string(code), func(t *testing.T) {
			w := newWorld(t)
			w.provider.err = consent.Refuse(code, "", "as the test wants")
			b := webtest.NewBrowser(t)
			path := w.open(b, w.Push())
			expect(t, "callback", b.Get(w.base+signInPath(path)), c.status, c.text, `href="`+signInPath(path)+`"`)
			w.provider.err = nil
			expect(t, "retry", b.Get(w.base+signInPath(path)), 200, "Autorisez-vous ce partage ?")
		})
	}
	w := newWorld(t)
	w.provider.begin = consent.Refuse(consent.SignInUnavailable, "", "down")
	expect(t, "down before the start", webtest.NewBrowser(t).Get(w.base+"/sign-in"), http.StatusServiceUnavailable, "FranceConnect ne répond pas")
}

func TestSigningInChangesTheSessionAndKeepsTheJourney(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	fixed := b.Clone() // whoever planted or read the cookie before the sign-in
	before := b.Cookie("127.0.0.1", sessionCookie)
	b.Get(w.base + signInPath(path))
	if after := b.Cookie("127.0.0.1", sessionCookie); after == "" || after == before {
		t.Error("the session did not change at sign-in")
	}
	expect(t, "the old cookie", fixed.Get(w.base+"/home"), 200, "S’identifier avec")
	expect(t, "the journey", b.Get(w.base+path), 200, "Autorisez-vous ce partage ?")
}

func TestTwoTabsAreTwoJourneys(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	first := w.open(b, w.Push())
	second := w.Push()
	second.Details.Access, second.State = consent.Once, "second-state"
	secondPath := w.open(b, second)
	firstCallback := b.Get(w.base+signInPath(first), webtest.Stop).Header.Get("Location")
	secondCallback := b.Get(w.base+signInPath(secondPath), webtest.Stop).Header.Get("Location")
	expect(t, "second tab first", b.Get(secondCallback), 200, "Une seule fois, dans les 24 heures.", secondPath+"/decision")
	expect(t, "then the first", b.Get(firstCallback), 200, "31 août 2027", first+"/decision")
	w.send(b, first+"/decision", url.Values{"decision": {"refuse"}})
	w.send(b, secondPath+"/decision", allow)
	for path, want := range map[string]string{first: "error=access_denied", secondPath: "state=second-state"} {
		if target := b.Get(w.base+path+"/return", w.outside()).Header.Get("Location"); !strings.Contains(target, want) {
			t.Errorf("%s went back to %s", path, target)
		}
	}
}

func TestFormsFromElsewhereAreRefused(t *testing.T) {
	w := newWorld(t)
	g, _ := w.Granted(t, w.Push())
	b := webtest.NewBrowser(t)
	p := w.Push()
	p.ForcePrompt = true
	path := w.open(b, p)
	b.Get(w.base + signInPath(path))
	for name, header := range map[string]http.Header{
		"cross-site":       {"Sec-Fetch-Site": {"cross-site"}},
		"a sister site":    {"Sec-Fetch-Site": {"same-site"}},
		"an old browser":   {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {" "}},
		"an opaque origin": {"Origin": {"null"}, "Sec-Fetch-Site": {" "}},
	} {
		evil := b.Clone()
		evil.Header = header
		for _, target := range []string{path + "/decision", path + "/decline", "/consents/" + g.ID + "/withdraw"} {
			if a := evil.Post(w.base+target, allow); a.Status != http.StatusForbidden {
				t.Errorf("%s: %s answered %d", name, target, a.Status)
			}
		}
	}
	if len(w.Memory.Answers()) != 1 {
		t.Error("a foreign form was recorded")
	}
	if stored, err := w.Store.Grant(t.Context(), g.Subject, g.ID); err != nil || stored.Status != consent.GrantActive {
		t.Errorf("a foreign form withdrew the consent: %v %s", err, stored.Status)
	}
	evil := b.Clone()
	evil.Header.Set("Sec-Fetch-Site", "cross-site")
	expect(t, "signed out by a link elsewhere", evil.Get(w.base+"/sign-out"), http.StatusForbidden)
	expect(t, "still signed in", b.Get(w.base+"/home"), 200, "Vous êtes Angela")
}

func TestSigningOutEndsOursFirstAndFranceConnectsWhileItLasts(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration
		want  string
	}{"at once": {0, "/signed-out?hint=hint"}, "later": {30 * time.Minute, "/signed-out"}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := webtest.NewBrowser(t)
			b.Get(w.base + "/sign-in")
			for range int(c.after / (10 * time.Minute)) {
				w.Clock.Advance(10 * time.Minute)
				b.Get(w.base + "/home")
			}
			stolen := b.Clone()
			a := b.Get(w.base+"/sign-out", webtest.Stop)
			if got := strings.TrimPrefix(a.Header.Get("Location"), w.base); got != c.want {
				t.Errorf("sent to %s, want %s", got, c.want)
			}
			expect(t, "the old cookie", stolen.Get(w.base+"/home"), 200, "S’identifier avec")
		})
	}
}

func TestPagesAreNeverKeptNorFramed(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.open(b, w.Push())
	for _, target := range []string{"/", path, "/signed-out", "/nowhere", signInPath(path)} {
		h := b.Get(w.base + target).Header
		csp := h.Get("Content-Security-Policy")
		if h.Get("Cache-Control") != "no-store" || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %v", target, h)
		}
	}
}

func TestWithoutSignInConsentsAskForOne(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	expect(t, "consent", b.Get(w.base+"/consents/any"), http.StatusUnauthorized, "Identifiez-vous")
	expect(t, "home", b.Get(w.base+"/home"), 200, "S’identifier avec")
}
