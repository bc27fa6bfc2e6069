package proconnect_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/openid"
	"portail.example/internal/proconnect"
	"portail.example/internal/sandbox/openid/openidtest"
	stub "portail.example/internal/sandbox/proconnect"
)

const (
	clientID = "portail"
	secret   = "a-secret-of-thirty-two-characters"
	portal   = "http://localhost:8080/"
	callback = "http://localhost:8080/dpo/callback"
	after    = "http://localhost:8080/dpo/signed-out"
)

var (
	commune   = stub.Organisation{SIRET: "21990012300015", Label: "Commune de Lisière-sur-Ource"}
	transport = stub.Organisation{SIRET: "21990013100018", Label: "Syndicat des transports"}
)

// agents are those of the tests: two factors, one, and two organisations.
var agents = []stub.Agent{
	{Key: "marc", GivenName: "Marc", UsualName: "TISSERAND", Email: "marc@lisiere.example", ACR: "eidas1-mfa", Organisations: []stub.Organisation{commune, transport}},
	{Key: "paul", GivenName: "Paul", UsualName: "LEMOINE", Email: "paul@lisiere.example", ACR: "eidas1", Organisations: []stub.Organisation{commune}},
}

// world is the relying party in front of the stand-in.
type world struct {
	*proconnect.Provider
	t      *testing.T
	stub   *stub.Server
	clock  *consenttest.Clock
	issuer string
	cfg    openid.Config
	person openidtest.Person // the agent's browser at ProConnect
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: consenttest.NewClock()}
	server := httptest.NewUnstartedServer(nil)
	w.issuer = "http://" + server.Listener.Addr().String() + "/api/v2"
	var err error
	w.stub, err = stub.New(stub.Config{Issuer: w.issuer, Now: w.clock.Now, Agents: agents, Clients: []stub.Client{
		{ID: clientID, Secret: secret, Name: "Portail", RedirectURIs: []string{callback}, PostLogoutRedirectURIs: []string{after}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = w.stub
	server.Start()
	t.Cleanup(server.Close)
	w.cfg = openid.Config{
		Issuer: w.issuer, ClientID: clientID, ClientSecret: secret, RedirectURI: callback, PostLogoutRedirectURI: after,
		Scopes: strings.Fields("openid given_name usual_name email siret"), SigningAlg: "ES256", Now: w.clock.Now,
	}
	if w.Provider, err = proconnect.New(w.cfg); err != nil {
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

// answer is the callback after the agent chose an organisation.
func (w *world) answer(authorize, agent string, at stub.Organisation) url.Values {
	w.t.Helper()
	_, page, back := w.visit(authorize)
	if back == nil {
		_, rest, found := strings.Cut(page, "/interaction/")
		id, _, _ := strings.Cut(rest, "/")
		if !found {
			w.t.Fatalf("no choice on\n%s", page)
		}
		_, _, back = w.visit(w.issuer + "/interaction/" + id + "/choose?agent=" + agent + "&siret=" + at.SIRET)
	}
	if back == nil {
		w.t.Fatal("ProConnect did not come back")
	}
	return back.Query()
}

// signIn does it all.
func (w *world) signIn(agent string, at stub.Organisation) (consent.AgentSignIn, error) {
	w.t.Helper()
	attempt, address, err := w.Begin(w.t.Context())
	if err != nil {
		return consent.AgentSignIn{}, err
	}
	return w.Complete(w.t.Context(), attempt, w.answer(address, agent, at))
}

func expect(t *testing.T, what string, err error, code consent.Code) {
	t.Helper()
	if consent.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}
