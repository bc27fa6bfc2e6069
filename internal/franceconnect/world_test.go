package franceconnect_test

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/franceconnect"
	"portail.example/internal/openid"
	stub "portail.example/internal/sandbox/franceconnect"
	"portail.example/internal/sandbox/openid/openidtest"
)

const (
	clientID = "portail"
	secret   = "a-secret-of-thirty-two-characters"
	portal   = "http://localhost:8080/"
	callback = "http://localhost:8080/franceconnect/callback"
	after    = "http://localhost:8080/signed-out"
)

// world is the relying party in front of the stand-in.
type world struct {
	*franceconnect.Provider
	t      *testing.T
	stub   *stub.Server
	clock  *consenttest.Clock
	issuer string
	cfg    franceconnect.Config
	person openidtest.Person // the citizen's browser at FranceConnect
}

func newWorld(t *testing.T, change ...func(*franceconnect.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: consenttest.NewClock()}
	server := httptest.NewUnstartedServer(nil)
	w.issuer = "http://" + server.Listener.Addr().String() + "/api/v2"
	var err error
	w.stub, err = stub.New(stub.Config{Issuer: w.issuer, Now: w.clock.Now, Clients: []stub.Client{
		{ID: clientID, Secret: secret, EntityID: "portail", Name: "Portail", RedirectURIs: []string{callback}, PostLogoutRedirectURIs: []string{after}},
		{ID: "same-entity", Secret: secret, EntityID: "portail", Name: "Portail", RedirectURIs: []string{callback}},
		{ID: "other", Secret: secret, EntityID: "other", Name: "Autre", RedirectURIs: []string{callback}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.stub
	server.Start()
	t.Cleanup(server.Close)
	w.cfg = franceconnect.Config{ACR: "eidas1", Config: openid.Config{
		Issuer: w.issuer, ClientID: clientID, ClientSecret: secret, RedirectURI: callback, PostLogoutRedirectURI: after,
		Scopes: strings.Fields("openid given_name family_name birthdate gender birthplace birthcountry preferred_username"), SigningAlg: "ES256", Now: w.clock.Now,
	}}
	for _, c := range change {
		c(&w.cfg)
	}
	if w.Provider, err = franceconnect.New(w.cfg); err != nil {
		t.Fatal(err)
	}
	w.person = openidtest.NewPerson(t, portal)
	return w
}

// visit opens a page in the person's browser.
func (w *world) visit(address string) (status int, page string, back *url.URL) {
	w.t.Helper()
	return w.person.Visit(w.t, address)
}

var links = regexp.MustCompile(`href="([^"]+/(choose\?citizen=[a-z-]+|confirm|abort|return))"`)

// link is the address of a step on a page.
func (w *world) link(page, step string) string {
	w.t.Helper()
	for _, match := range links.FindAllStringSubmatch(page, -1) {
		if match[2] == step {
			return match[1]
		}
	}
	w.t.Fatalf("no link %q on\n%s", step, page)
	return ""
}

// answer is the callback after the citizen chose and confirmed.
func (w *world) answer(authorize, citizen string) url.Values {
	w.t.Helper()
	_, page, _ := w.visit(authorize)
	_, page, _ = w.visit(w.link(page, "choose?citizen="+citizen))
	_, _, back := w.visit(w.link(page, "confirm"))
	if back == nil {
		w.t.Fatal("FranceConnect did not come back")
	}
	return back.Query()
}

// signIn does it all.
func (w *world) signIn(citizen string) (consent.SignIn, error) {
	w.t.Helper()
	attempt, address, err := w.Begin(w.t.Context())
	if err != nil {
		return consent.SignIn{}, err
	}
	return w.Complete(w.t.Context(), attempt, w.answer(address, citizen))
}

func expect(t *testing.T, what string, err error, code consent.Code) {
	t.Helper()
	if consent.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}
