package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"portail.example/cmd/portal/serve"
	"portail.example/internal/postgres"
	apistub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/internal/sandbox/citizen"
	fcstub "portail.example/internal/sandbox/franceconnect"
	"portail.example/internal/sandbox/mailbox"
	cluster "portail.example/internal/sandbox/postgres"
	pcstub "portail.example/internal/sandbox/proconnect"
	"portail.example/internal/sandbox/townhall"
)

// worldConfig says where the world lives. Tests leave FirstPort zero: every
// server then takes a free port.
type worldConfig struct {
	FirstPort   int
	DatabaseURL string // empty: a private cluster
	Logger      *slog.Logger
	Now         func() time.Time
	Progress    io.Writer
	DatabaseLog io.Writer
	// KeyFile is where the portal's key ring is written, to be rotated; empty: it is
	// in no file.
	KeyFile string
	// UpstreamLimit is API Particulier's calls per second; the real one's when zero.
	UpstreamLimit int
}

// world is everything `make demo` starts.
type world struct {
	Portal         *serve.Server
	PortalURL      string
	FranceConnect  *fcstub.Server
	FCURL          string
	ProConnect     *pcstub.Server
	PCURL          string
	APIParticulier *apistub.Server
	APIURL         string
	TownHall       *townhall.Server
	TownHallURL    string
	CitizenURL     string
	Mailbox        *mailbox.Server
	MailboxURL     string
	Registered     registry

	cfg       worldConfig
	listeners listeners
	cluster   *cluster.Cluster
	database  string
	smtp      string            // the mailbox's address for the portal
	environ   map[string]string // the portal's
	failed    chan error
	stop      context.CancelFunc
	running   sync.WaitGroup
}

// startWorld starts every part; when one fails, those already up are stopped.
func startWorld(ctx context.Context, cfg worldConfig) (*world, error) {
	ctx, stop := context.WithCancel(ctx)
	w := &world{cfg: cfg, failed: make(chan error, 8), stop: stop}
	steps := []struct {
		label string
		run   func(context.Context) error
	}{
		{"ports", w.listen}, {"PostgreSQL", w.startDatabase}, {"FranceConnect", w.startFranceConnect}, {"ProConnect", w.startProConnect},
		{"API Particulier", w.startAPIParticulier}, {"mailbox", w.startMailbox}, {"portal", w.startPortal}, {"town hall", w.startTownHall},
	}
	for _, step := range steps {
		fmt.Fprintf(cfg.Progress, "starting %s…\n", step.label)
		if err := step.run(ctx); err != nil {
			w.Close()
			return nil, fmt.Errorf("%s: %w", step.label, err)
		}
	}
	return w, nil
}

func (w *world) listen(context.Context) (err error) {
	w.listeners, err = openListeners(w.cfg.FirstPort)
	w.PortalURL, w.FCURL = w.listeners.url(portalPort), w.listeners.url(franceConnectPort)
	w.APIURL, w.TownHallURL = w.listeners.url(apiPort), w.listeners.url(townHallPort)
	w.PCURL = w.listeners.url(proConnectPort)
	w.CitizenURL, w.MailboxURL = w.listeners.url(citizenPort), w.listeners.url(mailboxPort)
	return err
}

func (w *world) startDatabase(ctx context.Context) (err error) {
	w.database = w.cfg.DatabaseURL
	if w.database == "" {
		if w.cluster, err = cluster.Start(ctx, cluster.Options{Log: w.cfg.DatabaseLog}); err != nil {
			return err
		}
		w.database = w.cluster.URL("postgres")
	}
	return postgres.Migrate(ctx, w.database)
}

func (w *world) startFranceConnect(ctx context.Context) (err error) {
	if w.FranceConnect, err = newFranceConnect(w); err == nil {
		w.serve(ctx, franceConnectPort, w.FranceConnect)
	}
	return err
}

func (w *world) startProConnect(ctx context.Context) (err error) {
	if w.ProConnect, err = newProConnect(w); err == nil {
		w.serve(ctx, proConnectPort, w.ProConnect)
	}
	return err
}

func (w *world) startAPIParticulier(ctx context.Context) error {
	w.APIParticulier = newAPIParticulier(w)
	w.serve(ctx, apiPort, w.APIParticulier)
	return nil
}

// startMailbox listens for SMTP where there is room; its pages have a port of the block.
func (w *world) startMailbox(ctx context.Context) error {
	w.Mailbox = mailbox.New()
	pages, err := w.Mailbox.Pages()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	w.smtp = "smtp://" + listener.Addr().String()
	w.running.Go(func() {
		<-ctx.Done()
		_ = listener.Close()
		_ = w.Mailbox.Close()
	})
	w.running.Go(func() { w.report(ctx, w.Mailbox.Serve(listener)) })
	w.serve(ctx, mailboxPort, pages)
	return nil
}

func (w *world) startPortal(ctx context.Context) error {
	cfg, err := w.portalConfig()
	if err != nil {
		return err
	}
	if w.Portal, err = serve.New(ctx, cfg, w.cfg.Logger, w.cfg.Now); err != nil {
		return err
	}
	w.running.Go(func() { w.report(ctx, w.Portal.Serve(ctx, w.listeners.take(portalPort))) })
	return nil
}

func (w *world) startTownHall(ctx context.Context) (err error) {
	if w.Registered, err = register(ctx, w); err != nil {
		return err
	}
	if err := inviteAgents(ctx, w); err != nil {
		return err
	}
	w.TownHall = newTownHall(w)
	w.serve(ctx, townHallPort, w.TownHall)
	w.serve(ctx, citizenPort, citizen.New(citizen.Config{Portal: w.PortalURL, FranceConnect: w.FCURL, Logger: w.cfg.Logger}))
	return nil
}

// serve runs a stand-in until the world stops.
func (w *world) serve(ctx context.Context, port port, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(w.cfg.Logger.Handler(), slog.LevelWarn)}
	listener := w.listeners.take(port)
	w.running.Go(func() {
		<-ctx.Done()
		_ = server.Close()
	})
	w.running.Go(func() { w.report(ctx, server.Serve(listener)) })
}

func (w *world) report(ctx context.Context, err error) {
	if ctx.Err() == nil && err != nil && !errors.Is(err, http.ErrServerClosed) {
		w.failed <- err
	}
}

// Close stops everything and removes the private database.
func (w *world) Close() {
	w.stop()
	w.listeners.close()
	w.running.Wait()
	if w.Portal != nil {
		w.Portal.Close()
	}
	if w.cluster != nil {
		_ = w.cluster.Stop()
	}
}

// waitReady asks the portal's /readyz until it answers 200.
func (w *world) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.PortalURL+"/readyz", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("the portal did not become ready within 30 seconds (-verbose shows its log)")
		case err := <-w.failed:
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}
