package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"portail.example/internal/postgres"
)

// maxDead bounds a list that somebody reads at night.
const maxDead = 1000

var eventVerbs = map[string]verb{
	"dead": {0, 0, func([]string) (action, error) { return listDead, nil }},
	"retry": {1, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return retryDead(ctx, db, args[0], out)
		}, nil
	}},
}

// listDead prints one line an event that was given up, and why.
func listDead(ctx context.Context, db *postgres.DB, out io.Writer) error {
	list, err := db.DeadEvents(ctx, maxDead)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "AT\tCLIENT ID\tEVENT\tATTEMPTS\tREASON")
	for _, d := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\n", d.At.Format(time.RFC3339), d.ClientID, d.Type, d.Attempts, d.Reason)
	}
	return table.Flush()
}

func retryDead(ctx context.Context, db *postgres.DB, id string, out io.Writer) error {
	if _, err := registered(ctx, db, id); err != nil {
		return err
	}
	n, err := db.ReviveEvents(ctx, id, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d events of %s are tried again\n", n, id)
	return err
}
