package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"portail.example/consent"
	"portail.example/internal/postgres"
)

// pastPurges bounds what --past lists.
const pastPurges = 30

var purgeVerb = verb{0, 1, func(args []string) (action, error) {
	switch {
	case len(args) == 0:
		return purge, nil
	case args[0] == "--dry-run":
		return purgeDue, nil
	case args[0] == "--past":
		return listPurges, nil
	}
	return nil, errors.New(usage)
}}

// serviceOn runs use cases that need no key.
func serviceOn(db *postgres.DB) *consent.Service {
	return consent.NewService(db, consent.Limits{}, nil, time.Now)
}

// purge prints what it removed also when it was stopped.
func purge(ctx context.Context, db *postgres.DB, out io.Writer) error {
	report, err := serviceOn(db).Purge(ctx)
	return errors.Join(err, printPurge(out, "removed", report))
}

func purgeDue(ctx context.Context, db *postgres.DB, out io.Writer) error {
	report, err := serviceOn(db).PurgeDue(ctx)
	if err != nil {
		return err
	}
	return printPurge(out, "would remove", report)
}

func listPurges(ctx context.Context, db *postgres.DB, out io.Writer) error {
	reports, err := serviceOn(db).PurgeReports(ctx, pastPurges)
	for _, report := range reports {
		err = errors.Join(err, printPurge(out, "removed", report))
	}
	return err
}

// printPurge tells, kind by kind, how many, from when to when, and why they went.
func printPurge(out io.Writer, verb string, r consent.PurgeReport) error {
	if len(r.Lines) == 0 {
		_, err := fmt.Fprintf(out, "%s: nothing is due\n", r.At.Format(time.RFC3339))
		return err
	}
	fmt.Fprintf(out, "%s: %s\n", r.At.Format(time.RFC3339), verb)
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "KIND\tNUMBER\tFROM\tTO\tRULE")
	for _, line := range r.Lines {
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", line.Record, line.Count, line.First.Format(time.DateOnly), line.Last.Format(time.DateOnly), lasting(consent.RetentionOf(line.Record)))
	}
	return table.Flush()
}

func lasting(rule consent.RetentionRule) string {
	switch {
	case rule.Months > 0:
		return fmt.Sprintf("%d months, %s", rule.Months, rule.Law)
	case rule.Lasts > 0:
		return fmt.Sprintf("%s, %s", rule.Lasts, rule.Law)
	}
	return rule.Law
}
