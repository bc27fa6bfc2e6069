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

var holdVerbs = map[string]verb{
	"list": {0, 0, func([]string) (action, error) { return listHolds, nil }},
	"set": {3, 0, func(args []string) (action, error) {
		return setHold(consent.Hold{Subject: consent.SubjectID(args[0]), Reason: args[2]}, args[1]), nil
	}},
	"consent": {3, 0, func(args []string) (action, error) {
		return setHold(consent.Hold{GrantID: args[0], Reason: args[2]}, args[1]), nil
	}},
	"lift": {2, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			officer, err := serviceOn(db).Officer(ctx, args[1])
			if err != nil {
				return err
			}
			h, err := serviceOn(db).LiftHold(ctx, args[0], string(officer.ID))
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(out, "lifted %s by %s at %s\n", h.ID, h.LiftedBy, h.LiftedAt.Format(time.RFC3339))
			return err
		}, nil
	}},
}

// setHold sets it in the name of an officer, whose address is given.
func setHold(h consent.Hold, address string) action {
	return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
		officer, err := serviceOn(db).Officer(ctx, address)
		if err != nil {
			return err
		}
		h.SetBy = string(officer.ID)
		set, err := serviceOn(db).SetHold(ctx, h)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "holds %s\n", set.ID)
		return err
	}
}

func listHolds(ctx context.Context, db *postgres.DB, out io.Writer) error {
	holds, err := serviceOn(db).Holds(ctx, "")
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "HOLD\tSET\tBY\tCITIZEN\tCONSENT\tREASON")
	for _, h := range holds {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", h.ID, h.SetAt.Format(time.RFC3339), h.SetBy, h.Subject, h.GrantID, h.Reason)
	}
	return table.Flush()
}

var erasureVerbs = map[string]verb{
	"list": {0, 0, func([]string) (action, error) { return listErasures, nil }},
	"preview": {1, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return previewErasure(ctx, db, consent.SubjectID(args[0]), out)
		}, nil
	}},
	"ask": {3, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			officer, err := serviceOn(db).Officer(ctx, args[2])
			if err != nil {
				return err
			}
			e, err := serviceOn(db).AskErasure(ctx, consent.SubjectID(args[0]), args[1], string(officer.ID))
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(out, "erasure %s, asked by %s, waits for another agent\n", e.ID, e.AskedBy)
			return err
		}, nil
	}},
	"approve": {2, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			officer, err := serviceOn(db).Officer(ctx, args[1])
			if err != nil {
				return err
			}
			e, err := serviceOn(db).ApproveErasure(ctx, officer, args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(out, "erased %s at %s, asked by %s, approved by %s\n", e.Subject, e.DoneAt.Format(time.RFC3339), e.AskedBy, e.ApprovedBy)
			return err
		}, nil
	}},
}

func listErasures(ctx context.Context, db *postgres.DB, out io.Writer) error {
	list, err := serviceOn(db).Erasures(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "ERASURE\tASKED\tBY\tCITIZEN\tREQUEST")
	for _, e := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", e.ID, e.AskedAt.Format(time.RFC3339), e.AskedBy, e.Subject, e.RightsID)
	}
	return table.Flush()
}

// previewErasure tells line by line what would go and what the law keeps.
func previewErasure(ctx context.Context, db *postgres.DB, subject consent.SubjectID, out io.Writer) error {
	kept, err := serviceOn(db).Kept(ctx, subject)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "KIND\tNUMBER\tERASURE\tUNTIL\tRULE")
	for _, k := range kept {
		what, until := "kept", k.Until().Format(time.DateOnly)
		if k.Erased() {
			what, until = "erased", ""
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n", k.Record, k.Count, what, until, lasting(consent.RetentionOf(k.Record)))
	}
	return table.Flush()
}
