package export_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent/export"
)

const signed = "eyJ0eXAi.eyJpc3Mi.c2lnbmF0dXJl"

// coded is a document with a QR code and a file inside.
func coded(t *testing.T) []byte {
	t.Helper()
	d := export.NewDocument("Attestation", "fr", time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC))
	d.QRCode("https://portal.example/attestation", "Code QR vers https://portal.example/attestation")
	d.Paragraph("Après le code.")
	d.Attach("attestation.jwt", "Données signées", []byte(signed))
	var out bytes.Buffer
	if _, err := d.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAFileTravelsInsideAPDF(t *testing.T) {
	pdf := coded(t)
	if got, err := export.Attached(pdf); err != nil || string(got) != signed {
		t.Errorf("%q, %v", got, err)
	}
	file := filepath.Join(t.TempDir(), "coded.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := run(t, "qpdf", "--check", file); !strings.Contains(said, "No syntax or stream encoding errors found") {
		t.Error(said)
	}
	if list := run(t, "qpdf", "--list-attachments", file); !strings.Contains(list, "attestation.jwt") {
		t.Errorf("attachments: %s", list)
	}
	if body := run(t, "qpdf", "--show-attachment=attestation.jwt", file); body != signed {
		t.Errorf("another reader finds %q", body)
	}
}

func TestAQRCodeIsAFigureWithItsWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "coded.pdf")
	if err := os.WriteFile(file, coded(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if structure := run(t, "pdfinfo", "-struct", file); !strings.Contains(structure, "Figure") {
		t.Errorf("no figure in the structure:\n%s", structure)
	}
	if objects := run(t, "qpdf", "--json", file); !strings.Contains(objects, "Code QR vers https://portal.example/attestation") {
		t.Errorf("the figure has no words:\n%.3000s", objects)
	}
}

func TestWhatHoldsNoFileOfOurs(t *testing.T) {
	pdf := coded(t)
	cut := pdf[:bytes.Index(pdf, []byte(signed))+3]
	for what, other := range map[string][]byte{"nothing": nil, "no PDF": []byte("attestation"), "a PDF without one": sample(t), "a PDF that was cut": cut,
		"a length that lies": bytes.Replace(pdf, []byte("/Length 30 /Params"), []byte("/Length 29 /Params"), 1)} {
		if got, err := export.Attached(other); !errors.Is(err, export.ErrNoAttachment) {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}
