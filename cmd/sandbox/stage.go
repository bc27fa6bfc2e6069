package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
	"portail.example/internal/i18n"
	"portail.example/internal/signing"
	"portail.example/locales"
	"portail.example/portal"
	"portail.example/portal/assets"
	"portail.example/portal/citizen"
	"portail.example/portal/web"
	"portail.example/templates"
)

// stage is one story's world: the citizen's pages on a store in memory.
type stage struct {
	*consenttest.World
	setting
	handler http.Handler
	token   string     // of the citizen's session; empty for nobody
	sent    url.Values // the form that a story has sent
	target  string     // where to
	source  *storySource
	live    consent.LiveToken // of the citizen's sign-in

	agentToken string              // of an agent's; empty for nobody
	agentIn    consent.AgentSignIn // what ProConnect says of whoever signs in
	agentFault error               // or why it says nothing
	ledger     *consenttest.Evidence
}

// setting lets fixtures made for tests prepare a story; what would fail a test is
// a mistake in the story, and ends it.
type setting struct{ testing.TB }

func (setting) Helper() {}

func (setting) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// scenery is what all stages share: texts and templates, read once.
var scenery = sync.OnceValues(func() (*web.Site, error) {
	static, err := assets.New()
	if err != nil {
		return nil, err
	}
	bundle, err := i18n.Load(locales.FS)
	if err != nil {
		return nil, err
	}
	return web.NewSite(web.SiteConfig{Templates: templates.FS, Bundle: bundle, Assets: static, BaseURL: "http://localhost", Demo: true})
})

func newStage() (*stage, error) {
	s := &stage{World: consenttest.NewWorld(setting{}), source: &storySource{}}
	s.comes(consent.Agent{Email: "stranger@lisiere.example", SIRET: consenttest.TownHall().SIRET})
	static, err := assets.New()
	if err != nil {
		return nil, err
	}
	scenery, err := scenery()
	if err != nil {
		return nil, err
	}
	site := scenery.With(s.Memory, s.Clock.Now, slog.New(slog.DiscardHandler))
	engine, err := web.NewEngine(web.EngineConfig{Logger: slog.New(slog.DiscardHandler), Now: s.Clock.Now})
	if err != nil {
		return nil, err
	}
	key, _, err := signing.Generate()
	if err != nil {
		return nil, err
	}
	pages := citizen.New(citizen.Config{
		Service: s.Service, Site: site, FranceConnect: shortcut{}, Attempts: s.Memory, Receipts: key, Proofs: noTree{}, Notices: true, Operator: storyOperator, Issuer: "http://localhost", Now: s.Clock.Now,
		Source: s.source, Live: s.source, LiveScopes: consent.LiveScopes(), OwnSIRET: operatorSIRET,
	})
	engine.NoRoute(site.Missing(http.StatusNotFound))
	engine.NoMethod(site.Missing(http.StatusMethodNotAllowed))
	site.Get(engine, "/errors/:code", func(c *gin.Context) error {
		return consent.Refuse(consent.Code(c.Param("code")), "", "told in a story")
	})
	engine.GET("/sent", s.send)
	for _, room := range []portal.Room{static, site, pages, s.agentPages(site)} {
		room.Mount(engine)
	}
	s.handler = looked(engine)
	return s, nil
}

// noTree is a ledger whose sequencer is late.
type noTree struct{}

func (noTree) Proof(context.Context, consent.SubjectID, consent.EntryKind, string) (ledger.Proof, error) {
	return ledger.Proof{}, consent.NotFound
}

// storyOperator is whoever runs the portal of the stories.
var storyOperator = citizen.Operator{
	Name: "Opérateur de démonstration", Address: "1 place de l’Exemple, 75000 Paris", Publisher: "Camille Exemple", Host: "Hébergeur de démonstration",
	Contact: "contact@portail.example", DPO: "dpo@portail.example",
}

// signedIn puts the story's citizen before the page.
func (s *stage) signedIn() {
	session := consent.Session{
		Browser: s.Viewer.Browser, Subject: s.Viewer.Subject, ACR: "eidas1", AuthTime: s.Clock.Now(), SignedInAt: s.Clock.Now(),
		CreatedAt: s.Clock.Now(), SeenAt: s.Clock.Now(), Handle: consent.NewID(), Device: consent.Device{Browser: "Chrome", System: "Windows"},
		LastSignIn: s.Clock.Now().Add(-26 * time.Hour), Live: s.live,
	}
	s.remember(session)
}

// elsewhere is another device of the story's citizen.
func (s *stage) elsewhere(handle string, device consent.Device) {
	session := consent.Session{
		Browser: consent.BrowserID(handle), Subject: s.Viewer.Subject, SignedInAt: s.Clock.Now(), CreatedAt: s.Clock.Now(), SeenAt: s.Clock.Now(), Handle: handle, Device: device,
	}
	if _, err := s.Memory.OpenSession(context.Background(), session); err != nil {
		s.Fatal(err)
	}
}

// looking puts a browser before the page, with nobody signed in.
func (s *stage) looking() {
	s.remember(consent.Session{Browser: s.Viewer.Browser, CreatedAt: s.Clock.Now(), SeenAt: s.Clock.Now()})
}

func (s *stage) remember(session consent.Session) {
	token, err := s.Memory.OpenSession(context.Background(), session)
	if err != nil {
		s.Fatal(err)
	}
	s.token = token
}

// enter gives the visitor's browser the story's session, or takes the last one's.
func (s *stage) enter(w http.ResponseWriter) {
	cookie := http.Cookie{Name: web.SessionCookie, Value: s.token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.token == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, &cookie)
	s.enterAgent(w)
}

// shortcut signs the story's citizen in without a page.
type shortcut struct{}

func (shortcut) Begin(context.Context, ...string) (consent.SignInAttempt, string, error) {
	state := consent.NewID()
	return consent.SignInAttempt{State: state}, "/franceconnect/callback?" + url.Values{"state": {state}}.Encode(), nil
}

func (shortcut) Complete(context.Context, consent.SignInAttempt, url.Values) (consent.SignIn, error) {
	return consenttest.Angela(), nil
}

func (shortcut) EndSessionURL(context.Context, string, string) (string, error) {
	return "/signed-out", nil
}
