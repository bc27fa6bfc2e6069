package export_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent/export"
	"portail.example/consent/export/exporttest"
)

// sample is a document of several pages with every kind of element.
func sample(t *testing.T) []byte {
	t.Helper()
	d := export.NewDocument("Récapitulatif d’un œil à 12 €", "fr", time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	d.Heading(2, "Élève « Noël »")
	for range 60 {
		d.Paragraph("Vous autorisez la commune de Lisière-sur-Ource à recevoir votre quotient familial. ÇÀÉÈÊŒÿ 1\u202f234\u00a0€ " + strings.Repeat("long", 50))
	}
	d.List([]string{"un", "deux"})
	d.Facts([][2]string{{"Qui a demandé", "Commune de Lisière-sur-Ource"}, {"Un nom qui prend plus d’une ligne dans sa colonne", strings.Repeat("une valeur ", 40)}})
	var out bytes.Buffer
	n, err := d.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("%d of %d bytes: %v", n, out.Len(), err)
	}
	return out.Bytes()
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestAPDFIsTaggedAndWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sample.pdf")
	if err := os.WriteFile(file, sample(t), 0o600); err != nil {
		t.Fatal(err)
	}
	exporttest.Accessible(t, "the sample", sample(t))
	about := run(t, "pdfinfo", file)
	for _, want := range []string{"Récapitulatif d’un œil à 12 €", "Tagged:          yes", "PDF version:     1.7"} {
		if !strings.Contains(about, want) {
			t.Errorf("%q is not said:\n%s", want, about)
		}
	}
	structure := run(t, "pdfinfo", "-struct-text", file)
	for _, want := range []string{"Document", "H1", `"Récapitulatif d’un œil à 12 €"`, "H2", `"Élève « Noël »"`, "P (block)", "L (block)", "Lbl", "LBody", "Table", "TH", `"Qui a demandé"`, "TD"} {
		if !strings.Contains(strings.ReplaceAll(structure, "\u00a0", " "), want) {
			t.Errorf("%s is not in the structure:\n%.3000s", want, structure)
		}
	}
	if fonts := run(t, "pdffonts", file); strings.Count(fonts, "Identity-H       yes no  yes") != 2 {
		t.Errorf("fonts: %s", fonts)
	}
	if text := run(t, "pdftotext", "-layout", file, "-"); strings.Count(text, "ÇÀÉÈÊŒÿ") != 60 || strings.Count(strings.ReplaceAll(text, "\u00a0", " "), "1 234 €") != 60 {
		t.Errorf("letters are lost:\n%.800s", text)
	}
}
