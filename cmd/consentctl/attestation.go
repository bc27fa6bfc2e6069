package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"portail.example/consent/export"
	"portail.example/consent/token"
)

// errAttestation is signed data that the portal did not sign so.
var errAttestation = errors.New("the attestation is not to be believed")

// attestations runs `consentctl attestation verify …`: no database, no network.
func attestations(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New(usage)
	}
	var from trusted
	flags := flag.NewFlagSet("attestation verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&from.jwks, "jwks", "", "file: the portal's /oauth/jwks")
	flags.StringVar(&from.issuer, "issuer", "", "the portal's address")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() != 1 || from.jwks == "" || from.issuer == "" {
		return errors.New(usage)
	}
	return from.verifyAttestation(ctx, flags.Arg(0), out)
}

func (from trusted) verifyAttestation(ctx context.Context, name string, out io.Writer) error {
	files, err := readAll(from.jwks, name)
	if err != nil {
		return err
	}
	keys, err := token.ParseKeys(files[0])
	if err != nil {
		return err
	}
	signed, err := signedPart(files[1])
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	claims, err := token.VerifyAttestation(ctx, keys, from.issuer, signed)
	if err != nil {
		return fmt.Errorf("%w: %w", errAttestation, err)
	}
	return tellAttestation(out, claims)
}

// signedPart is the JWS of a file that is one, or of a PDF with one inside.
func signedPart(raw []byte) (string, error) {
	if !bytes.HasPrefix(raw, []byte("%PDF-")) {
		return strings.TrimSpace(string(raw)), nil
	}
	inside, err := export.Attached(raw)
	return string(inside), err
}

// tellAttestation says what was signed, line by line as the paper should have it: the
// print itself proves nothing.
func tellAttestation(out io.Writer, c token.AttestationClaims) error {
	fmt.Fprintf(out, "recipient: %s (%s)\npurpose:   %s\ndata set:  %s\n", c.RecipientName, c.Recipient, c.Purpose, c.DataSet)
	if c.Reference != "" {
		fmt.Fprintf(out, "file:      %s\n", c.Reference)
	}
	for i, line := range c.Lines {
		fmt.Fprintf(out, "%d. %s: %s\n", i+1, line.Name, line.Value)
	}
	_, err := fmt.Fprintf(out, "proved: consultation %s released this on %s; compare the paper with these lines\n", c.ID, c.IssuedAt.UTC().Format(time.RFC3339))
	return err
}
