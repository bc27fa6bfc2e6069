package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent/export"
	"portail.example/internal/signing"
)

// signedArchive is a report of one file, and the key set that signed it.
func signedArchive(t *testing.T) (archive, jwks []byte) {
	t.Helper()
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := export.NewArchive(&out, "report-1", time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	w, err := a.Create("report.fr.html")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "<p>ce qui est détenu"); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(key.SignManifest); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), key.JWKS()
}

// forged copies an archive with other words in its files.
func forged(t *testing.T, archive []byte, was, is string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := to.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, strings.ReplaceAll(string(text), was, is)); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAReportIsVerifiedWithoutUs(t *testing.T) {
	archive, jwks := signedArchive(t)
	_, others := signedArchive(t)
	for name, c := range map[string]struct {
		archive, jwks []byte
		status        int
		says          string
	}{
		"as it was made":   {archive, jwks, 0, "proved: report report-1"},
		"other words":      {forged(t, archive, "détenu", "inventé"), jwks, 2, "report.fr.html"},
		"another manifest": {forged(t, archive, "report-1", "report-2"), jwks, 2, export.SignatureName},
		"another's keys":   {archive, others, 2, export.SignatureName},
		"cut short":        {archive[:len(archive)-10], jwks, 2, "ZIP"},
		"no key set":       {archive, []byte("{"), 1, ""},
	} {
		dir := t.TempDir()
		report, keys := filepath.Join(dir, "report.zip"), filepath.Join(dir, "jwks.json")
		for file, text := range map[string][]byte{report: c.archive, keys: c.jwks} {
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out strings.Builder
		err := run(t.Context(), []string{"report", "verify", "--jwks", keys, report}, nil, &out)
		said, status := out.String(), 0
		if err != nil {
			said, status = said+err.Error(), statusOf(err)
		}
		if status != c.status || !strings.Contains(said, c.says) {
			t.Errorf("%s: status %d: %s", name, status, said)
		}
	}
	if err := run(t.Context(), []string{"report", "verify", "r.zip"}, nil, io.Discard); err == nil || !strings.Contains(err.Error(), "usage") {
		t.Errorf("without keys: %v", err)
	}
}
