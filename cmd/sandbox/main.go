// Command sandbox is the demo world: a private PostgreSQL, the real portal, and
// stand-ins for FranceConnect, API Particulier and one town hall, all on
// loopback and wired to each other. Nothing in it is for production.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

// run parses the flags and keeps the world up until told to stop.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	port := flags.Int("port", 8080, "first port of the block of seven")
	database := flags.String("database", os.Getenv("DATABASE_URL"), "PostgreSQL to use instead of a private one")
	stories := flags.Bool("stories", false, "show each page in each state instead, without a database")
	verbose := flags.Bool("verbose", false, "show the portal's log")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go watchParent(ctx, cancel)
	if *stories {
		return tellStories(ctx, *port)
	}
	level := slog.LevelError
	if *verbose {
		level = slog.LevelInfo
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	return demo(ctx, worldConfig{FirstPort: *port, DatabaseURL: *database, Logger: logger, Now: time.Now, Progress: os.Stdout, DatabaseLog: io.Discard})
}

func demo(ctx context.Context, cfg worldConfig) error {
	world, err := startWorld(ctx, cfg)
	if err != nil {
		return err
	}
	defer world.Close()
	if err := world.waitReady(ctx); err != nil {
		return err
	}
	printTour(os.Stdout, world)
	select {
	case <-ctx.Done():
		fmt.Fprintln(os.Stdout, "\nstopping…")
		return nil
	case err := <-world.failed:
		return err
	}
}

// watchParent ends the world when the process that started it disappears, even
// by kill -9: the world would otherwise keep its ports and its database.
func watchParent(ctx context.Context, cancel context.CancelCauseFunc) {
	parent := os.Getppid()
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if os.Getppid() != parent {
				cancel(errors.New("the parent process is gone"))
				return
			}
		}
	}
}
