package citizen_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

const phoneAgent = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"

// signIn is a browser in which the provider's citizen is signed in.
func (w *world) signIn(agent string) *webtest.Browser {
	b := webtest.NewBrowser(w.t)
	b.Header.Set("User-Agent", agent)
	b.Get(w.base + "/sign-in")
	return b
}

var handleField = regexp.MustCompile(`name="session" value="([^"]+)"`)

func TestACitizenSeesWhereTheyAreSignedInAndEndsIt(t *testing.T) {
	w := newWorld(t)
	phone := w.signIn(phoneAgent)
	w.Clock.Advance(5 * time.Minute)
	desk := w.signIn("curl/8.5.0")
	page := desk.Get(w.base + "/sessions")
	expect(t, "sessions", page, 200, "Votre connexion précédente : le 24 novembre 2026 à 10 h 00", "Cet appareil", "Appareil inconnu", "Firefox, Android", "pas d’adresse IP")
	expect(t, "home", desk.Get(w.base+"/home"), 200, "Votre connexion précédente : le 24 novembre 2026 à 10 h 00", "Ce n’était pas vous ?")
	for _, b := range []*webtest.Browser{phone, desk} {
		if strings.Contains(page.Body, b.Cookie("127.0.0.1", sessionCookie)) {
			t.Error("a session's token is on the page")
		}
	}
	handles := handleField.FindAllStringSubmatch(page.Body, -1)
	if len(handles) != 1 {
		t.Fatalf("%d sessions can be ended, want the other one", len(handles))
	}
	ended := desk.Post(w.base+"/sessions/end", url.Values{"session": {handles[0][1]}})
	expect(t, "ended", ended, 200, "L’appareil est déconnecté.", "Aucun. Si vous vous connectez ailleurs")
	if strings.Contains(ended.URL.String(), handles[0][1]) {
		t.Errorf("an address names a session: %s", ended.URL)
	}
	expect(t, "the phone", phone.Get(w.base+"/sessions"), http.StatusUnauthorized, "Identifiez-vous")
	expect(t, "twice", desk.Post(w.base+"/sessions/end", url.Values{"session": {handles[0][1]}}), http.StatusNotFound)
}

func TestAllOtherSessionsEndAtOnce(t *testing.T) {
	w := newWorld(t)
	others := []*webtest.Browser{w.signIn(phoneAgent), w.signIn("")}
	w.provider.in = consenttest.Pierre()
	pierre := w.signIn(phoneAgent)
	w.provider.in = consenttest.Angela()
	desk := w.signIn("")
	expect(t, "ended", desk.Post(w.base+"/sessions/end-others", nil), 200, "Tous les autres appareils sont déconnectés.")
	for _, b := range others {
		expect(t, "another device", b.Get(w.base+"/my-data"), http.StatusUnauthorized)
	}
	expect(t, "another citizen", pierre.Get(w.base+"/home"), 200, "Vous êtes Pierre")
}

func TestASessionIsEndedByItsCitizenOnly(t *testing.T) {
	w := newWorld(t)
	phone, desk := w.signIn(phoneAgent), w.signIn("")
	handle := handleField.FindStringSubmatch(desk.Get(w.base + "/sessions").Body)[1]
	w.provider.in = consenttest.Pierre()
	pierre := w.signIn("")
	form := url.Values{"session": {handle}}
	expect(t, "another citizen", pierre.Post(w.base+"/sessions/end", form), http.StatusNotFound, "Page introuvable")
	expect(t, "no handle", pierre.Post(w.base+"/sessions/end", nil), http.StatusNotFound)
	evil := desk.Clone()
	evil.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, target := range []string{"/sessions/end", "/sessions/end-others"} {
		expect(t, "from another site", evil.Post(w.base+target, form), http.StatusForbidden)
		expect(t, "nobody", webtest.NewBrowser(t).Post(w.base+target, form), http.StatusUnauthorized)
	}
	expect(t, "the phone", phone.Get(w.base+"/home"), 200, "Vous êtes Angela")
}

// What is kept of a device is a word of ours, however long or telling the header was.
func TestNothingOfAUserAgentIsKept(t *testing.T) {
	w := newWorld(t)
	w.signIn("Mozilla/5.0 (Linux; Android 13; SM-G991B) Chrome/131 Secret/42")
	list, err := w.Service.Sessions(t.Context(), w.Viewer.Subject)
	if err != nil || len(list) != 1 || list[0].Device != (consent.Device{Browser: "Chrome", System: "Android"}) {
		t.Errorf("kept %+v, %v", list, err)
	}
}

func TestAFirstSignInSaysSo(t *testing.T) {
	w := newWorld(t)
	w.provider.in = consenttest.Pierre()
	expect(t, "sessions", w.signIn("").Get(w.base+"/sessions"), 200, "C’est votre première connexion.")
}

// Pages of a citizen's own are shown to nobody else, and their forms do nothing.
func TestACitizensOwnPagesNeedASignIn(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	for _, path := range []string{
		"/requests", "/receipts/any", "/receipts/any/jwt", "/receipts/any/pdf", "/my-data", "/my-data/ask", "/my-data/requests/any", "/sessions", "/notices", "/history", "/history.csv", "/consents", "/consents/any",
		"/consents/any/reduce", "/consents/any/withdraw", "/consents/any/withdrawal", "/consents/any/withdrawal/jwt", "/consents/any/withdrawal/pdf", "/receipts/any/proof", "/withdraw-all", "/administrations/any/12345678900001/withdraw",
	} {
		expect(t, path, b.Get(w.base+path), http.StatusUnauthorized, "Identifiez-vous")
	}
	for _, path := range []string{
		"/my-data/export", "/my-data/ask", "/sessions/end", "/sessions/end-others", "/notices/address", "/notices/choices", "/notices/remove", "/consents/any/pause",
		"/consents/any/resume", "/consents/any/reduce", "/consents/any/withdraw", "/withdraw-all", "/administrations/any/12345678900001/withdraw",
	} {
		expect(t, path, b.Post(w.base+path, nil), http.StatusUnauthorized, "Identifiez-vous")
	}
}
