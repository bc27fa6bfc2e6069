package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"portail.example/consent"
	"portail.example/internal/postgres"
)

// addDelegation records what an authority allows an editor, or replaces it; one
// that was revoked stands again.
func addDelegation(ctx context.Context, db *postgres.DB, editor string, raw []byte, out io.Writer) error {
	var file authority
	if err := decode(raw, &file); err != nil {
		return err
	}
	d := consent.Delegation{ClientID: editor, Authority: file.authority()}
	if err := errors.Join(d.Faults()...); err != nil {
		return err
	}
	client, err := registered(ctx, db, editor)
	if err != nil {
		return err
	}
	if client.Kind != consent.Editor {
		return consent.Refuse(consent.InvalidRequest, "client_id", "%s is not an editor", editor)
	}
	if err := db.PutDelegation(ctx, d); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s may act for %s (%s)\n", editor, d.SIRET, d.LegalName)
	return err
}

// listDelegations prints one line an authority.
func listDelegations(ctx context.Context, db *postgres.DB, editor string, out io.Writer) error {
	if _, err := registered(ctx, db, editor); err != nil {
		return err
	}
	list, err := db.Delegations(ctx, editor)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "SIRET\tSTATE\tNAME")
	for _, d := range list {
		state := "active"
		if !d.RevokedAt.IsZero() {
			state = "revoked " + d.RevokedAt.Format(time.DateOnly)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", d.SIRET, state, d.LegalName)
	}
	return table.Flush()
}

// revokeDelegation stops the editor for that authority at the next call.
func revokeDelegation(ctx context.Context, db *postgres.DB, editor, siret string, out io.Writer) error {
	done, err := db.RevokeDelegation(ctx, editor, consent.SIRET(siret), time.Now())
	if err != nil {
		return err
	}
	if !done {
		return consent.Refuse(consent.NotFound, "siret", "no delegation of %s to %s stands", siret, editor)
	}
	_, err = fmt.Fprintf(out, "%s no longer acts for %s\n", editor, siret)
	return err
}

// replaceKeys changes a client's public keys and nothing else. Put the new key
// beside the old one, let the client change over, then leave the old one out.
func replaceKeys(ctx context.Context, db *postgres.DB, id string, raw []byte, out io.Writer) error {
	client, err := registered(ctx, db, id)
	if err != nil {
		return err
	}
	client.JWKS = json.RawMessage(raw)
	if err := publicKeys(client.JWKS); err != nil {
		return err
	}
	if err := db.PutClient(ctx, client); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s has new keys\n", id)
	return err
}

func registered(ctx context.Context, db *postgres.DB, id string) (consent.Client, error) {
	client, err := db.Client(ctx, id)
	if consent.CodeOf(err) == consent.NotFound {
		err = unknownClient(id)
	}
	return client, err
}
