package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"portail.example/consent/export"
	"portail.example/consent/token"
)

// errReport is a report that is not as the portal made it.
var errReport = errors.New("the report is not to be believed")

// reports runs `consentctl report verify …`: no database, no network.
func reports(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New(usage)
	}
	flags := flag.NewFlagSet("report verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var from trusted
	flags.StringVar(&from.jwks, "jwks", "", "file: the portal's /oauth/jwks")
	flags.StringVar(&from.key, "key", "", "file: the portal's /ledger/key")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() != 1 || from.jwks == "" {
		return errors.New(usage)
	}
	return from.verifyReport(ctx, flags.Arg(0), out)
}

// verifyReport reads the archive from its place: it may be larger than memory.
func (from trusted) verifyReport(ctx context.Context, name string, out io.Writer) error {
	files, err := readAll(from.jwks)
	if err != nil {
		return err
	}
	keys, err := token.ParseKeys(files[0])
	if err != nil {
		return err
	}
	archive, err := os.Open(name)
	if err != nil {
		return err
	}
	defer archive.Close()
	info, err := archive.Stat()
	if err != nil {
		return err
	}
	m, err := export.CheckArchive(archive, info.Size(), func(signature string, manifest []byte) error {
		return token.VerifyDetached(ctx, keys, token.ManifestType, signature, manifest)
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errReport, err)
	}
	for _, f := range m.Files {
		fmt.Fprintf(out, "%s  %s\n", f.SHA256, f.Name)
	}
	fmt.Fprintf(out, "proved: report %s is as it was made on %s\n", m.ID, m.MadeAt.Format("2006-01-02T15:04:05Z07:00"))
	return from.verifyProofs(archive, info.Size(), out)
}

// verifyProofs holds what the report tells against the ledger, when its key is given.
func (from trusted) verifyProofs(archive io.ReaderAt, size int64, out io.Writer) error {
	if from.key == "" {
		_, err := fmt.Fprintf(out, "not checked: %s, for which --key is needed\n", export.ProofsName)
		return err
	}
	files, err := readAll(from.key)
	if err != nil {
		return err
	}
	p, err := export.CheckProofs(archive, size, strings.TrimSpace(string(files[0])))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "proved: %d answers, withdrawals and consultations are in the ledger as the report tells them (%d by their entry alone); %d had no place in it yet\n", p.Entries, p.Rowless, p.Waiting)
	return err
}
