package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

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
	fmt.Fprintln(table, "CLIENT ID\tSTATE\tSIRET\tNAME")
	for _, c := range clients {
		state := "active"
		if c.Suspended {
			state = "suspended"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", c.ID, state, c.SIRET, c.LegalName)
	}
	return table.Flush()
}

// setSuspended changes nothing else of a registration: in particular not the
// secret, which `add` would draw anew.
func setSuspended(ctx context.Context, db *postgres.DB, id string, suspended bool, out io.Writer) error {
	done, err := db.SuspendClient(ctx, id, suspended)
	if err != nil {
		return err
	}
	if !done {
		return consent.Refuse(consent.NotFound, "client_id", "no administration is registered as %s", id)
	}
	verb := "resumed"
	if suspended {
		verb = "suspended"
	}
	fmt.Fprintf(out, "%s %s\n", verb, id)
	return nil
}
