package main

import (
	"context"
	"io"
	"os"

	"portail.example/internal/postgres"
)

// verb is one command on the registry: how many arguments it takes, and what it
// does with them. Files are read before the database is touched.
type verb struct {
	args    int
	more    int // that may follow
	prepare func(args []string) (action, error)
}

var registryVerbs = map[string]verb{
	"list": {0, 0, func([]string) (action, error) { return listAdministrations, nil }},
	"add":  {1, 0, fromFile(addAdministration)},
	"suspend": {1, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return setSuspended(ctx, db, args[0], true, out)
		}, nil
	}},
	"resume": {1, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return setSuspended(ctx, db, args[0], false, out)
		}, nil
	}},
	"keys":     {2, 0, forClient(replaceKeys)},
	"delegate": {2, 0, forClient(addDelegation)},
	"delegations": {1, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return listDelegations(ctx, db, args[0], out)
		}, nil
	}},
	"revoke": {2, 0, func(args []string) (action, error) {
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error {
			return revokeDelegation(ctx, db, args[0], args[1], out)
		}, nil
	}},
}

// fromFile prepares a command whose argument is a file.
func fromFile(do func(context.Context, *postgres.DB, []byte, io.Writer) error) func([]string) (action, error) {
	return func(args []string) (action, error) {
		raw, err := os.ReadFile(args[0])
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error { return do(ctx, db, raw, out) }, err
	}
}

// forClient prepares a command whose arguments are a client and a file.
func forClient(do func(context.Context, *postgres.DB, string, []byte, io.Writer) error) func([]string) (action, error) {
	return func(args []string) (action, error) {
		raw, err := os.ReadFile(args[1])
		return func(ctx context.Context, db *postgres.DB, out io.Writer) error { return do(ctx, db, args[0], raw, out) }, err
	}
}
