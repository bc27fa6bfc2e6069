package serve

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/consent/token"
	"portail.example/docs"
	"portail.example/internal/apiparticulier"
	"portail.example/internal/events"
	"portail.example/internal/i18n"
	"portail.example/internal/postgres"
	"portail.example/internal/signing"
	"portail.example/locales"
	"portail.example/portal"
	"portail.example/portal/assets"
	"portail.example/portal/gateway"
	ledgerroom "portail.example/portal/ledger"
	"portail.example/portal/oauth"
	"portail.example/portal/registry"
	"portail.example/portal/web"
	"portail.example/templates"
)

// New builds a portal from a checked configuration. The database must answer
// and be migrated; FranceConnect and API Particulier may be down.
func New(ctx context.Context, cfg Config, logger *slog.Logger, now func() time.Time) (*Server, error) {
	db, err := openDatabase(ctx, cfg)
	if err != nil {
		return nil, err
	}
	service := consent.NewService(db, consent.Limits{Token: cfg.TokenLifetime}, cfg.location, now)
	w := wiring{cfg: cfg, logger: logger, now: now, db: db, service: service}
	handler, err := w.build()
	if err != nil {
		db.Close()
		return nil, err
	}
	reports, err := w.reports()
	if err != nil {
		db.Close()
		return nil, err
	}
	mailer, err := w.mailer()
	if err != nil {
		db.Close()
		return nil, err
	}
	return &Server{Handler: handler, Service: service, DB: db, Events: w.deliverer(), Mail: mailer, ledger: w.ledger, batch: w.batch, reports: reports, evidence: w.inspector(), logger: logger, now: now}, nil
}

func openDatabase(ctx context.Context, cfg Config) (*postgres.DB, error) {
	keys, err := postgres.NewKeys(cfg.master())
	if err != nil {
		return nil, fmt.Errorf("MASTER_KEY: %w", err)
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: cfg.Database.Value(), MaxConns: cfg.MaxConns, Keys: keys})
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	return db, nil
}

// audience is the `aud` of consent tokens: the data API.
func (c Config) audience() string { return c.URL + "/data" }

// location is the URL of a data set, the `locations` member of RFC 9396.
func (c Config) location(set consent.DataSet) string { return c.audience() + "/v1/" + set.Path }

// wiring holds what several rooms are built from.
type wiring struct {
	cfg     Config
	logger  *slog.Logger
	now     func() time.Time
	db      *postgres.DB
	service *consent.Service
	key     *signing.Ring
	ledger  *ledger.Signer
	source  *apiparticulier.Client
	batch   *apiparticulier.Batch

	habilitations map[consent.SIRET]apiparticulier.Habilitation
}

// build reads the keys, which several parts sign with, and makes the handler.
func (w *wiring) build() (_ http.Handler, err error) {
	if w.key, err = OpenRing(w.cfg, w.logger, w.now); err != nil {
		return nil, err
	}
	if w.ledger, err = w.cfg.LedgerSigner(); err != nil {
		return nil, err
	}
	if w.habilitations, err = w.cfg.APIParticulier.habilitations(); err != nil {
		return nil, err
	}
	w.source = w.upstream()
	w.batch = w.source.Batch()
	return w.handler()
}

// deliverer pushes events to administrations.
func (w wiring) deliverer() *events.Deliverer {
	return events.New(events.Config{
		Outbox: w.db, Signer: w.key, Issuer: w.cfg.URL, Logger: w.logger, Now: w.now, AllowPrivate: w.cfg.EventsPrivate,
	})
}

func (w wiring) handler() (http.Handler, error) {
	engine, err := web.NewEngine(web.EngineConfig{Logger: w.logger, TrustedProxies: w.cfg.TrustedProxies, HTTPS: strings.HasPrefix(w.cfg.URL, "https:"), Now: w.now})
	if err != nil {
		return nil, err
	}
	static, err := assets.New()
	if err != nil {
		return nil, err
	}
	site, err := w.site(static)
	if err != nil {
		return nil, err
	}
	pages, err := w.citizen(site)
	if err != nil {
		return nil, err
	}
	engine.Use(web.NewLimiter(web.RateOf(w.cfg.AddressRate), w.now).Limit(site.Busy))
	nonces, err := w.nonces()
	if err != nil {
		return nil, err
	}
	engine.Use(nonces.Offer)
	trust, err := w.trust(nonces)
	if err != nil {
		return nil, err
	}
	data, err := w.gateway(trust)
	if err != nil {
		return nil, err
	}
	rooms := []portal.Room{static, site, pages, w.oauth(site, pages, trust), data, w.check(), w.registry(), w.checkpoints()}
	agents, err := w.agents(site)
	if err != nil {
		return nil, err
	}
	portal.Mount(engine, w.db.Ready, site.Missing, docs.OpenAPI, append(rooms, agents...)...)
	return engine, nil
}

// nonces are derived from the master key: the same in every instance.
func (w wiring) nonces() (*web.Nonces, error) {
	key, err := hkdf.Key(sha256.New, w.cfg.master(), nil, "dpop nonces", 32)
	return web.NewNonces(key, w.now), err
}

// trust is what decides whether a token, and a proof, is ours.
func (w wiring) trust(nonces *web.Nonces) (t trust, err error) {
	if t.proofs, err = token.NewProofs(token.ProofConfig{BaseURL: w.cfg.URL, Once: w.db.UseOnce, Nonce: nonces.Fresh, Now: w.now}); err != nil {
		return t, err
	}
	for verifier, audience := range map[**token.Verifier]string{
		&t.consents: w.cfg.audience(), &t.managers: oauth.ManagementAudience(w.cfg.URL), &t.batches: token.BatchAudience(w.cfg.audience()),
	} {
		if *verifier, err = token.NewVerifier(token.Config{Issuer: w.cfg.URL, Audience: audience, Keys: w.key, Now: w.now, Proofs: t.proofs}); err != nil {
			return t, err
		}
	}
	return t, nil
}

// trust is a verifier for each kind of token that we are shown: none is good for two.
type trust struct {
	consents, managers, batches *token.Verifier
	proofs                      *token.Proofs
}

// words are every text of the portal, read once.
var words = sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.Load(locales.FS) })

func (w wiring) site(static *assets.Assets) (*web.Site, error) {
	bundle, err := words()
	if err != nil {
		return nil, err
	}
	return web.NewSite(web.SiteConfig{
		Templates: templates.FS, Bundle: bundle, Sessions: w.db, Assets: static, BaseURL: w.cfg.URL, Demo: w.cfg.Demo, Now: w.now, Logger: w.logger,
	})
}

func (w wiring) oauth(site *web.Site, screens oauth.Screens, t trust) *oauth.Room {
	feed := events.Feed{Poll: w.db, Issuer: w.cfg.URL, Signer: w.key, Now: w.now}
	return oauth.New(oauth.Config{
		Service: w.service, Site: site, Store: w.db, Signer: w.key, Events: feed, Rates: web.NewLimiter(web.RateOf(w.cfg.ClientRate), w.now), Screens: screens, Verifier: t.consents, Managers: t.managers, Proofs: t.proofs, Issuer: w.cfg.URL, Audience: w.cfg.audience(), Now: w.now,
	})
}

func (w wiring) checkpoints() *ledgerroom.Room {
	return &ledgerroom.Room{Log: w.db, Key: w.ledger.PublicKey()}
}

func (w wiring) registry() *registry.Room {
	return registry.New(registry.Config{Service: w.service, Secret: w.cfg.DataPass.Value(), Logger: w.logger})
}

func (w wiring) gateway(t trust) (*gateway.Room, error) {
	bundle, err := words()
	if err != nil {
		return nil, err
	}
	papers := gateway.Papers{Signer: w.key, Words: bundle.Localizer("fr", nil), Issuer: w.cfg.URL, Demo: w.cfg.Demo}
	return gateway.New(gateway.Config{
		Service: w.service, Verifier: t.consents, Clients: t.batches, Upstream: w.source, Turn: w.turn, Logger: w.logger, Papers: papers,
	}), nil
}

// turn is the next call that a batch of the data API may make.
func (w wiring) turn(ctx context.Context, set consent.DataSet, recipient consent.SIRET) (gateway.Upstream, func(), error) {
	turn, err := w.batch.Turn(ctx, set, recipient)
	if err != nil {
		return nil, nil, err
	}
	return turn, turn.Done, nil
}

// upstream is one client for the data API and the citizens' previews: they share calls
// under way, and limits.
func (w wiring) upstream() *apiparticulier.Client {
	a := w.cfg.APIParticulier
	return apiparticulier.New(apiparticulier.Config{
		BaseURL: a.URL, Token: a.Token.Value(), Habilitations: w.habilitations, LivePerHour: a.LivePerHour, Gate: w.db, Now: w.now, Stages: apiparticulier.Stages{Whole: a.Timeout},
		Limits: consent.ProviderLimits{Rate: a.Rate, Share: a.RecipientRate, Batch: a.BatchRate, Failures: a.Failures, CoolDown: a.CoolDown},
		Slots:  apiparticulier.Slots{DataSet: a.Calls, Recipient: a.RecipientCalls},
	})
}
