package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"portail.example/consent"
	"portail.example/internal/postgres"
)

// listAdministrations prints one line an administration.
func listAdministrations(ctx context.Context, db *postgres.DB, out io.Writer) error {
	clients, err := db.Clients(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "CLIENT ID\tKIND\tSTATE\tSIRET\tNAME")
	for _, c := range clients {
		state := "active"
		if c.Suspended {
			state = "suspended"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", c.ID, c.Kind, state, c.SIRET, c.LegalName)
	}
	return table.Flush()
}

func unknownClient(id string) error {
	return consent.Refuse(consent.NotFound, "client_id", "nobody is registered as %s", id)
}

// setSuspended changes nothing else of a registration: in particular not the
// secret, which `add` would draw anew.
func setSuspended(ctx context.Context, db *postgres.DB, id string, suspended bool, out io.Writer) error {
	done, err := db.SuspendClient(ctx, id, suspended)
	if err != nil {
		return err
	}
	if !done {
		return unknownClient(id)
	}
	verb := "resumed"
	if suspended {
		verb = "suspended"
	}
	fmt.Fprintf(out, "%s %s\n", verb, id)
	return nil
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
