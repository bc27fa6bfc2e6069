// Command consentctl is the operator's tool. `consentctl administration add FILE`
// registers an administration, or replaces its registration. It reads
// DATABASE_URL like the portal: see docs/operator.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"portail.example/cmd/portal/serve"
	"portail.example/internal/postgres"
)

const usage = "usage: consentctl administration add FILE.json"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], serve.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "consentctl:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, environ map[string]string, out io.Writer) error {
	if len(args) != 3 || args[0] != "administration" || args[1] != "add" {
		return errors.New(usage)
	}
	raw, err := os.ReadFile(args[2])
	if err != nil {
		return err
	}
	url, err := serve.DatabaseURL(environ)
	if err != nil {
		return err
	}
	return addAdministration(ctx, url, raw, out)
}

// addAdministration prints the secret of a client_secret_basic client once: only
// its hash is kept.
func addAdministration(ctx context.Context, url string, raw []byte, out io.Writer) error {
	client, secret, err := parseAdministration(raw, time.Now())
	if err != nil {
		return err
	}
	// No key: registrations hold no personal data, and this tool must not need the master key.
	db, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.PutClient(ctx, client); err != nil {
		return err
	}
	fmt.Fprintf(out, "registered %s (%s)\n", client.ID, client.LegalName)
	if secret != "" {
		fmt.Fprintf(out, "client secret, shown once: %s\n", secret)
	}
	return nil
}
