package dpo_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/consent/ledger"
	"portail.example/portal/dpo"
	"portail.example/portal/web/webtest"
)

// provider signs in whoever the test wants.
type provider struct {
	base       *string // our own address
	in         consent.AgentSignIn
	err, begin error
}

func (p *provider) Begin(context.Context) (consent.AgentAttempt, string, error) {
	state, _ := consent.NewSecret()
	return consent.AgentAttempt{State: state, Nonce: "nonce"}, *p.base + "/dpo/callback?" + url.Values{"state": {state}, "code": {"c"}}.Encode(), p.begin
}

func (p *provider) Complete(_ context.Context, a consent.AgentAttempt, callback url.Values) (consent.AgentSignIn, error) {
	if a.Nonce != "nonce" || callback.Get("code") != "c" {
		return consent.AgentSignIn{}, consent.Refuse(consent.SignInFailed, "", "not what was begun")
	}
	return p.in, p.err
}

func (p *provider) EndSessionURL(_ context.Context, hint, _ string) (string, error) {
	return *p.base + "/dpo/signed-out?hint=" + url.QueryEscape(hint), nil
}

// operator runs the portal of the tests.
var operator = export.Operator{Name: "Opérateur", Address: "1 place de l’Exemple", DPO: "dpo@portail.example"}

// world is the agents' pages on a real port.
type world struct {
	*consenttest.World
	t        *testing.T
	base     string
	engine   *gin.Engine
	provider *provider
	log      *strings.Builder
	ledger   *consenttest.Evidence
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: consenttest.NewWorld(t), t: t, provider: &provider{}, log: &strings.Builder{}}
	w.provider.base = &w.base
	site := webtest.Site(t, w.Memory, w.Clock.Now)
	w.ledger = consenttest.NewEvidence(w.Memory)
	evidence := ledger.NewInspector(w.ledger, w.ledger.Signer.PublicKey(), w.Clock.Now)
	room := dpo.New(dpo.Config{Service: w.Service, Site: site, ProConnect: w.provider, Sessions: w.Memory, Evidence: evidence, Operator: operator, Now: w.Clock.Now})
	server := webtest.Serve(t, slog.New(slog.NewTextHandler(w.log, nil)), site, w.Clock.Now, room, site, w)
	w.base = server.URL
	return w
}

// Mount keeps the engine, whose routes a test reads.
func (w *world) Mount(r gin.IRouter) {
	w.engine = r.(*gin.Engine)
}

// as is a browser in which somebody signed in with ProConnect; the answer is the page
// they land on.
func (w *world) as(in consent.AgentSignIn) (*webtest.Browser, webtest.Answer) {
	w.t.Helper()
	w.provider.in = in
	b := webtest.NewBrowser(w.t)
	return b, b.Get(w.base + "/dpo/sign-in")
}

// agent is a browser of an agent of TownHall in a role.
func (w *world) agent(role consent.Role) *webtest.Browser {
	w.t.Helper()
	b, home := w.as(consenttest.AgentOf(w.Invited(w.t, role)))
	if home.Status != http.StatusOK || home.URL.Path != "/dpo" {
		w.t.Fatalf("%s: %d at %s\n%s", role, home.Status, home.URL, home.Body)
	}
	return b
}

// says fails unless the page has the status and the title of a key.
func (w *world) says(what string, got webtest.Answer, status int, titleKey string, args ...any) {
	w.t.Helper()
	want := webtest.Site(w.t, w.Memory, w.Clock.Now).PageIn("fr", titleKey, args...).Title
	if got.Status != status || !strings.Contains(got.Body, "<h1>"+want+"</h1>") {
		w.t.Errorf("%s: %d, want %d %q\n%s", what, got.Status, status, want, got.Body)
	}
}
