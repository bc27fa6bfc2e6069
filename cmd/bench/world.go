package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail.example/consent"
	"portail.example/internal/postgres"
	fcstub "portail.example/internal/sandbox/franceconnect"
	cluster "portail.example/internal/sandbox/postgres"
	"portail.example/internal/signing"
)

// What the parts know each other by. None of it opens anything real.
const (
	clientID       = "transports-source"
	clientSIRET    = "21990013100018"
	callback       = "http://localhost:9999/callback"
	fcClientID     = "portail"
	fcClientSecret = "a-franceconnect-secret-of-32-characters"
)

// world is everything the measurements need: a durable PostgreSQL, the portal in a
// process of its own, and a FranceConnect that signs the citizens in beforehand.
type world struct {
	URL    string // the portal's
	Secret string // the client's
	Pool   *pgxpool.Pool
	Log    *statementLog

	profile  string
	cluster  *cluster.Cluster
	settings map[string]string
	portal   *process
	fc       *http.Server
	started  int
}

func startWorld(ctx context.Context, profile string) (*world, error) {
	w := &world{Log: newStatementLog(), profile: profile}
	for _, step := range []func(context.Context) error{w.startDatabase, w.startPortal} {
		if err := step(ctx); err != nil {
			w.Close()
			return nil, err
		}
	}
	return w, nil
}

func (w *world) startDatabase(ctx context.Context) (err error) {
	if w.cluster, err = cluster.Start(ctx, cluster.Options{Durable: true, Log: w.Log}); err != nil {
		return err
	}
	if err = postgres.Migrate(ctx, w.cluster.URL("postgres")); err != nil {
		return err
	}
	config, err := pgxpool.ParseConfig(w.cluster.URL("postgres"))
	if err != nil {
		return err
	}
	config.MaxConns = 64
	w.Pool, err = pgxpool.NewWithConfig(ctx, config)
	return err
}

// startPortal opens the address first: FranceConnect and the portal must know each
// other's.
func (w *world) startPortal(ctx context.Context) error {
	listener, err := listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	w.URL = urlOf(listener)
	issuer, err := w.startFranceConnect()
	if err != nil {
		return err
	}
	_, key, err := signing.Generate()
	if err != nil {
		return err
	}
	w.settings = map[string]string{
		"PORTAL_URL": w.URL, "LOG_LEVEL": "WARN", "RATE_LIMIT_ADDRESS": unlimited, "RATE_LIMIT_CLIENT": unlimited, "TOKEN_LIFETIME": "15m",
		"MASTER_KEY": base64.StdEncoding.EncodeToString(make([]byte, 32)), "SIGNING_KEY": string(key),
		"FRANCECONNECT_ISSUER": issuer, "FRANCECONNECT_CLIENT_ID": fcClientID, "FRANCECONNECT_CLIENT_SECRET": fcClientSecret,
		"PROCONNECT_ISSUER": issuer, "PROCONNECT_CLIENT_ID": "unused", "PROCONNECT_CLIENT_SECRET": fcClientSecret, // agents' sessions are put in place
		"API_PARTICULIER_URL": "http://localhost:9", "API_PARTICULIER_TOKEN": "unused",
	}
	if err := w.register(ctx); err != nil {
		return err
	}
	w.portal, err = w.portalBehind(listener, 16, "")
	return err
}

// unlimited is more a second than a generator can send: it is one address and one
// client, and stands for many.
const unlimited = "1000000"

func (w *world) startFranceConnect() (issuer string, err error) {
	listener, err := listen()
	if err != nil {
		return "", err
	}
	issuer = urlOf(listener) + "/api/v2"
	stub, err := fcstub.New(fcstub.Config{Issuer: issuer, Now: time.Now, Clients: []fcstub.Client{{
		ID: fcClientID, Secret: fcClientSecret, EntityID: fcClientID, Name: "Portail", RedirectURIs: []string{w.URL + "/franceconnect/callback"},
	}}})
	if err != nil {
		return "", err
	}
	w.fc = &http.Server{Handler: stub, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = w.fc.Serve(listener) }()
	return issuer, nil
}

// register makes the one administration known: client_secret_basic, like the
// peer's client.
func (w *world) register(ctx context.Context) error {
	keys, err := postgres.NewKeys(make([]byte, 32))
	if err != nil {
		return err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: w.cluster.URL("postgres"), MaxConns: 1, Keys: keys})
	if err != nil {
		return err
	}
	defer db.Close()
	secret, hash := consent.NewSecret()
	w.Secret = secret
	return db.PutClient(ctx, consent.Client{
		ID: clientID, Kind: consent.Administration,
		Authority: consent.Authority{
			SIRET: clientSIRET, LegalName: "Syndicat des transports de la Source", ServiceName: "Titres de transport",
			Habilitation: "BENCH", DPOContact: "dpo@transports-source.example", Groups: consent.QuotientFamilial.Groups, Retention: map[string]int{"tarification-cantine": 12, "tarification-activites-municipales": 12},
		},
		RedirectURIs: []string{callback}, AuthMethod: consent.ClientSecretBasic, SecretHash: hash[:],
	})
}

// Portal is one more process of the same portal: same address to the outside, same
// keys, same database. With options its statements are logged, for instance; settings
// replace the portal's.
func (w *world) Portal(conns int, options string, settings ...string) (*process, error) {
	listener, err := listen()
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	return w.portalBehind(listener, conns, options, settings...)
}

// database is the cluster's address with options for its sessions; pgx does not
// read + as a space.
func (w *world) database(options string) string {
	return w.cluster.URL("postgres") + "&options=" + strings.ReplaceAll(url.QueryEscape(options), "+", "%20")
}

func (w *world) portalBehind(listener *net.TCPListener, conns int, options string, settings ...string) (*process, error) {
	environment := []string{"DATABASE_URL=" + w.database(options), fmt.Sprintf("DATABASE_MAX_CONNS=%d", conns)}
	for name, value := range w.settings {
		environment = append(environment, name+"="+value)
	}
	environment = append(environment, settings...)
	var args []string
	if w.profile != "" {
		w.started++
		args = []string{"-profile", filepath.Join(w.profile, fmt.Sprintf("portal-%d.pprof", w.started))}
	}
	return startSelf(listener, environment, append(args, "portal")...)
}

// Close ends everything.
func (w *world) Close() {
	if w.portal != nil {
		w.portal.Stop()
	}
	if w.fc != nil {
		_ = w.fc.Close()
	}
	if w.Pool != nil {
		w.Pool.Close()
	}
	if w.cluster != nil {
		_ = w.cluster.Stop()
	}
}
