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

// agentVerbs act as the console: the first platform DPO is theirs to invite.
var agentVerbs = map[string]verb{
	"invite": {3, 0, func(args []string) (action, error) {
		in := consent.AgentInvitation{Email: args[0], SIRET: args[1], Role: consent.Role(args[2])}
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error { return inviteAgent(ctx, db, in, out) }, nil
	}},
	"list": {0, 0, func([]string) (action, error) { return listAgents, nil }},
	"revoke": {1, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return revokeAgent(ctx, db, consent.AgentID(args[0]), out)
		}, nil
	}},
}

func inviteAgent(ctx context.Context, db *postgres.DB, in consent.AgentInvitation, out io.Writer) error {
	a, err := serviceOn(db).InviteAgent(ctx, consent.Console(), in)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "invited %s as %s of %s; tell them to sign in at /dpo\n", a.ID, a.Role, a.SIRET)
	return err
}

// listAgents prints addresses: it is for whoever holds the master key.
func listAgents(ctx context.Context, db *postgres.DB, out io.Writer) error {
	known, err := serviceOn(db).Agents(ctx, consent.Console())
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "AGENT\tSTATE\tROLE\tSIRET\tINVITED\tADDRESS")
	for _, a := range known {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", a.ID, a.State(time.Now()), a.Role, a.SIRET, a.InvitedAt.Format(time.RFC3339), a.Email)
	}
	return table.Flush()
}

func revokeAgent(ctx context.Context, db *postgres.DB, id consent.AgentID, out io.Writer) error {
	if err := serviceOn(db).RevokeAgent(ctx, consent.Console(), id); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "revoked %s; its sessions are over\n", id)
	return err
}
