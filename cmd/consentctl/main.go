// Command consentctl is the operator's tool: it registers administrations, lists,
// suspends and resumes them. It reads DATABASE_URL like the portal: see
// docs/operator.md.
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

const usage = `usage: consentctl administration add FILE.json   register, or replace a registration
       consentctl administration list            one line each
       consentctl administration suspend ID      stop its requests, tokens and data at once
       consentctl administration resume ID       undo that; its secret stays the same`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], serve.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "consentctl:", err)
		os.Exit(1)
	}
}

// run chooses the command. None needs the master key: registrations hold no
// personal data.
func run(ctx context.Context, args []string, environ map[string]string, out io.Writer) error {
	do, err := command(args)
	if err != nil {
		return err
	}
	url, err := serve.DatabaseURL(environ)
	if err != nil {
		return err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	return do(ctx, db, out)
}

type action func(ctx context.Context, db *postgres.DB, out io.Writer) error

// command reads what can be read before the database is touched.
func command(args []string) (action, error) {
	if len(args) < 2 || args[0] != "administration" {
		return nil, errors.New(usage)
	}
	switch verb := args[1]; {
	case verb == "list" && len(args) == 2:
		return listAdministrations, nil
	case verb == "add" && len(args) == 3:
		raw, err := os.ReadFile(args[2])
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return addAdministration(ctx, db, raw, out)
		}, err
	case (verb == "suspend" || verb == "resume") && len(args) == 3:
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return setSuspended(ctx, db, args[2], verb == "suspend", out)
		}, nil
	}
	return nil, errors.New(usage)
}

// addAdministration prints the secret of a client_secret_basic client once: only
// its hash is kept.
func addAdministration(ctx context.Context, db *postgres.DB, raw []byte, out io.Writer) error {
	client, secret, err := parseAdministration(raw, time.Now())
	if err != nil {
		return err
	}
	if err := db.PutClient(ctx, client); err != nil {
		return err
	}
	fmt.Fprintf(out, "registered %s (%s)\n", client.ID, client.LegalName)
	if secret != "" {
		fmt.Fprintf(out, "client secret, shown once: %s\n", secret)
	}
	return nil
}
