package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"portail.example/consent/export"
	"portail.example/consent/ledger"
	"portail.example/consent/token"
)

// faults are the exit statuses of `receipt verify`, `report verify` and what checks the evidence's
// files; anything else, such as a file that is not there, is 1 like everywhere: nothing was checked.
var faults = []struct {
	err    error
	status int
}{
	{ledger.ErrReceipt, 2}, {ledger.ErrEntry, 3}, {ledger.ErrCheckpoint, 4}, {ledger.ErrProof, 5}, {ledger.ErrFile, 5}, {errReport, 2}, {errAttestation, 2}, {export.ErrProofs, 3},
}

// statusOf is the exit status of an error.
func statusOf(err error) int {
	for _, f := range faults {
		if errors.Is(err, f.err) {
			return f.status
		}
	}
	return 1
}

// trusted is what a verification starts from, come by in a way its user trusts.
type trusted struct{ jwks, key, issuer string }

// receipts runs `consentctl receipt verify …`: no database, no network.
func receipts(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New(usage)
	}
	var from trusted
	flags := flag.NewFlagSet("receipt verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&from.jwks, "jwks", "", "file: the portal's /oauth/jwks")
	flags.StringVar(&from.key, "key", "", "file: the portal's /ledger/key")
	flags.StringVar(&from.issuer, "issuer", "", "the portal's address")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() != 1 || from.jwks == "" || from.key == "" || from.issuer == "" {
		return errors.New(usage)
	}
	return from.verify(ctx, flags.Arg(0), out)
}

func (from trusted) verify(ctx context.Context, name string, out io.Writer) error {
	files, err := readAll(from.jwks, from.key, name)
	if err != nil {
		return err
	}
	keys, err := token.ParseKeys(files[0])
	if err != nil {
		return err
	}
	bundle, err := ledger.ParseBundle(files[2])
	if err != nil {
		return err
	}
	believed, err := bundle.Verify(ctx, keys, from.issuer, strings.TrimSpace(string(files[1])))
	if err != nil {
		return err
	}
	return tell(out, believed)
}

// tell says what was proved.
func tell(out io.Writer, b ledger.Believed) error {
	r := b.Receipt.Receipt
	for _, party := range r.Parties {
		fmt.Fprintf(out, "recipient: %s (%s)\n", party.Name, party.ID)
	}
	for _, p := range r.Processing {
		fmt.Fprintf(out, "purpose:   %s\ndata:      %s\n", p.Purpose, strings.Join(p.Data, " "))
	}
	for _, e := range r.Events {
		fmt.Fprintf(out, "event:     %s %s\n", e.Time.UTC().Format(time.RFC3339), e.State)
	}
	_, err := fmt.Fprintf(out, "proved: answer %s is entry %d of %s, whose checkpoint has %d entries\n", b.Receipt.ID, b.Entry, b.Checkpoint.Origin, b.Checkpoint.Size)
	return err
}

// maxFile bounds what is read, in bytes.
const maxFile = 1 << 20

func readAll(names ...string) (out [][]byte, err error) {
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if info.Size() > maxFile {
			return nil, fmt.Errorf("%s: more than %d bytes", name, maxFile)
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, raw)
	}
	return out, nil
}
