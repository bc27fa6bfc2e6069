package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/internal/apiparticulier"
	"portail.example/internal/events"
	"portail.example/internal/mail"
	"portail.example/internal/postgres"
	"portail.example/portal/dpo/report"
)

// Server is a wired portal.
type Server struct {
	Handler  http.Handler
	Service  *consent.Service
	DB       *postgres.DB
	Events   *events.Deliverer
	Mail     *mail.Deliverer // nil when no mail server is configured
	ledger   *ledger.Signer
	batch    *apiparticulier.Batch
	reports  *report.Writer
	evidence *ledger.Inspector
	logger   *slog.Logger
	now      func() time.Time
}

// Run serves until ctx ends, then lets requests under way finish for ten seconds.
func Run(ctx context.Context, cfg Config, logger *slog.Logger) error {
	server, err := New(ctx, cfg, logger, time.Now)
	if err != nil {
		return err
	}
	defer server.Close()
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("PORTAL_LISTEN: %w", err)
	}
	logger.Info("listening", "address", listener.Addr().String())
	return server.Serve(ctx, listener)
}

// Serve answers on the listener until ctx ends.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s.Handler, ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn), MaxHeaderBytes: 32 << 10,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	ctx, cancel := context.WithCancel(ctx)
	stopped := s.background(ctx)
	defer func() { cancel(); <-stopped }()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// background runs what nobody waits for, until ctx ends.
func (s *Server) background(ctx context.Context) (stopped <-chan struct{}) {
	var running sync.WaitGroup
	running.Go(func() { s.every(ctx, 10*time.Minute, "sweep", s.sweep) })
	running.Go(func() { s.every(ctx, time.Minute, "announce", s.announce) })
	running.Go(func() { s.every(ctx, time.Second, "ledger", s.sequence) })
	running.Go(func() { s.every(ctx, time.Hour, "purge", s.purgeNightly) })
	running.Go(func() { s.every(ctx, time.Hour, "watch", s.watchNightly) })
	running.Go(func() { s.every(ctx, time.Second, "report", s.makeReports) })
	running.Go(func() { s.every(ctx, time.Hour, "verification", s.verifyNightly) })
	running.Go(func() { s.every(ctx, 5*time.Second, "verification", s.verify) })
	running.Go(func() { s.every(ctx, 10*time.Second, "live tokens", s.dropLive) })
	running.Go(func() { s.Events.Run(ctx, time.Second) })
	if s.Mail != nil {
		running.Go(func() { s.Mail.Run(ctx, time.Second) })
	}
	done := make(chan struct{})
	go func() {
		running.Wait()
		close(done)
	}()
	return done
}

// every does a piece of work again and again until ctx ends, and logs its faults.
func (s *Server) every(ctx context.Context, interval time.Duration, what string, do func(context.Context) error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := do(ctx); err != nil && ctx.Err() == nil {
				s.logger.Warn(what, "error", err)
			}
		}
	}
}

// announce tells administrations of consents that end.
func (s *Server) announce(ctx context.Context) error {
	_, err := s.Service.AnnounceEnds(ctx)
	return err
}

// dropLive forgets FranceConnect's tokens that nobody used within their minute.
func (s *Server) dropLive(ctx context.Context) error { return s.DB.DropLiveTokens(ctx, s.now()) }

// Close gives the database connections back.
func (s *Server) Close() { s.DB.Close() }

// sweep deletes what has expired (nothing depends on it, expiry is computed) and
// closes what was left open.
func (s *Server) sweep(ctx context.Context) error {
	_, abandoned := s.Service.CloseAbandoned(ctx)
	return errors.Join(abandoned, s.DB.Sweep(ctx, s.now()))
}
