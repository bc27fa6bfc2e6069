package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent/export"
	"portail.example/consent/token"
	"portail.example/internal/signing"
)

// attested is a folder with an attestation, alone and in a PDF, and the keys to check it.
func attested(t *testing.T) (folder string, verify func(name string, more ...string) (string, error)) {
	t.Helper()
	folder = t.TempDir()
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	made := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	signed, err := key.MintAttestation(token.AttestationClaims{
		Issuer: receiptIssuer, ID: "access-1", IssuedAt: token.At(made), Recipient: "21990012300015", RecipientName: "Commune", Purpose: "tarification-cantine", Reference: "2026-117",
		DataSet: "quotient_familial", Period: "2026-11", Fund: "CNAF", Data: map[string]json.RawMessage{"quotient_familial": json.RawMessage(`{"valeur":4270}`)},
		Lines: []token.AttestationLine{{Name: "Mois", Value: "novembre 2026"}, {Name: "Quotient familial", Value: "4 270"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := export.NewDocument("Attestation", "fr", made)
	d.Attach("attestation.jwt", "Données signées", []byte(signed))
	var pdf, bare bytes.Buffer
	if _, err := d.WriteTo(&pdf); err != nil {
		t.Fatal(err)
	}
	if _, err := export.NewDocument("Attestation", "fr", made).WriteTo(&bare); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"jwks": string(key.JWKS()), "attestation.jwt": signed + "\n", "attestation.pdf": pdf.String(), "bare.pdf": bare.String(),
		"forged.pdf": strings.Replace(pdf.String(), signed, signed[:len(signed)-1]+"_", 1), "forged.jwt": signed + "x",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder, func(name string, more ...string) (string, error) {
		var out strings.Builder
		args := append([]string{"attestation", "verify", "--jwks", filepath.Join(folder, "jwks"), "--issuer", receiptIssuer}, more...)
		err := run(t.Context(), append(args, filepath.Join(folder, name)), nil, &out)
		return out.String(), err
	}
}

func TestAnAttestationIsVerifiedOffline(t *testing.T) {
	_, verify := attested(t)
	for _, name := range []string{"attestation.jwt", "attestation.pdf"} {
		out, err := verify(name)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, want := range []string{"recipient: Commune (21990012300015)", "data set:  quotient_familial", "file:      2026-117", "1. Mois: novembre 2026", "2. Quotient familial: 4 270", "proved: consultation access-1 released this on 2026-11-30"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is not told:\n%s", name, want, out)
			}
		}
	}
	for name, status := range map[string]int{"forged.pdf": 2, "forged.jwt": 2, "bare.pdf": 1, "none.pdf": 1} {
		if out, err := verify(name); err == nil || statusOf(err) != status || out != "" {
			t.Errorf("%s: %v is status %d, want %d\n%s", name, err, statusOf(err), status, out)
		}
	}
	if _, err := verify("attestation.jwt", "--issuer", "https://other.example"); statusOf(err) != 2 {
		t.Errorf("another issuer: %v", err)
	}
	for _, more := range [][]string{{"--issuer", ""}, {"--jwks", ""}, {"--what", "x"}} {
		if _, err := verify("attestation.jwt", more...); err == nil || statusOf(err) != 1 {
			t.Errorf("%v: %v", more, err)
		}
	}
}
