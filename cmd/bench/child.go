package main

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/pprof"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/cmd/portal/serve"
)

// childArgument makes this program one of the servers it measures.
const childArgument = "child"

// child serves the portal, or what it is held against, on the listener it inherits as
// its first extra file, until its standard input ends.
func child(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet(childArgument, flag.ContinueOnError)
	profile := flags.String("profile", "", "file for a CPU profile")
	if err := flags.Parse(args); err != nil {
		return err
	}
	listener, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	if *profile != "" {
		stop, err := startProfile(*profile)
		if err != nil {
			return err
		}
		defer stop()
	}
	switch flags.Arg(0) {
	case "hello":
		return serveHello(ctx, listener)
	case "upstream":
		return serveUpstream(ctx, listener, flags.Arg(1))
	case "proxy":
		return serveProxy(ctx, listener, flags.Arg(1))
	}
	return servePortal(ctx, listener)
}

func startProfile(path string) (stop func(), err error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close()
	}, nil
}

// servePortal is `portal serve` with its settings in the environment.
func servePortal(ctx context.Context, listener net.Listener) error {
	cfg, err := serve.Load(serve.Environ())
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))
	server, err := serve.New(ctx, cfg, logger, time.Now)
	if err != nil {
		return err
	}
	defer server.Close()
	return server.Serve(ctx, listener)
}

// serveHello is the least that gin can answer to a form.
func serveHello(ctx context.Context, listener net.Listener) error {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.POST("/", func(c *gin.Context) {
		if _, err := io.Copy(io.Discard, c.Request.Body); err != nil {
			_ = c.Error(err)
		}
		c.JSON(http.StatusOK, gin.H{"active": true})
	})
	return serveUntil(ctx, listener, engine)
}

// serveUntil serves until the context ends.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(listener); ctx.Err() == nil {
		return err
	}
	return nil
}
