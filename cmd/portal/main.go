// Command portal is the server. `portal serve` answers citizens, administrations
// and the data API; `portal migrate` brings the database schema up to date and
// stops; `portal gateway` puts a consent in front of a data provider's API. They read their settings from the environment: see docs/configuration.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"portail.example/cmd/portal/guard"
	"portail.example/cmd/portal/serve"
	"portail.example/internal/postgres"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "portal:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 1 && args[0] == "gateway" {
		return runGateway(ctx, args[1:])
	}
	if len(args) != 1 {
		return errors.New("usage: portal serve | portal migrate | portal gateway --upstream URL")
	}
	switch args[0] {
	case "serve":
		return runServer(ctx)
	case "migrate":
		return migrate(ctx)
	}
	return fmt.Errorf("unknown command %q: use serve or migrate", args[0])
}

func runServer(ctx context.Context) error {
	cfg, err := serve.Load(serve.Environ())
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: cfg.LogLevel}))
	return serve.Run(ctx, cfg, logger)
}

// runGateway is for data providers: it needs neither the database nor the rest.
func runGateway(ctx context.Context, args []string) error {
	cfg, err := guard.Load(args, serve.Environ())
	if err != nil {
		return err
	}
	return guard.Run(ctx, cfg, slog.New(slog.NewJSONHandler(os.Stdout, nil)))
}

// migrate needs the database only, so that it can run before the rest is set.
func migrate(ctx context.Context) error {
	url, err := serve.DatabaseURL(serve.Environ())
	if err != nil {
		return err
	}
	return postgres.Migrate(ctx, url)
}
