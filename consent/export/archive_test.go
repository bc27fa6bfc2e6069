package export_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"portail.example/consent/export"
)

var errForged = errors.New("not our signature")

func sign(manifest []byte) (string, error) { return "signed:" + string(manifest), nil }

func verify(signature string, manifest []byte) error {
	if signature != "signed:"+string(manifest) {
		return errForged
	}
	return nil
}

func archive(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	a := export.NewArchive(&out, "report-1", time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	for _, file := range [][2]string{{"report.html", "<p>Été"}, {"data.json", "{}"}} {
		w, err := a.Create(file[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, file[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(sign); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func check(text []byte) (export.Manifest, error) {
	return export.CheckArchive(bytes.NewReader(text), int64(len(text)), verify)
}

func TestAnArchiveIsWhatItsManifestSays(t *testing.T) {
	m, err := check(archive(t))
	if err != nil || m.ID != "report-1" || len(m.Files) != 2 {
		t.Fatalf("%+v, %v", m, err)
	}
}

// rewritten copies an archive, file by file, through change; "" drops a file.
func rewritten(t *testing.T, text []byte, change func(name, text string) (string, string)) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
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
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name, changed := change(f.Name, string(body))
		if name == "" {
			continue
		}
		w, err := to.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, changed); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAChangedArchiveIsRefusedByName(t *testing.T) {
	for name, c := range map[string]struct {
		change func(name, text string) (string, string)
		want   string
	}{
		"another text":   {func(n, s string) (string, string) { return n, strings.Replace(s, "Été", "Eté", 1) }, "report.html: not as"},
		"a longer file":  {func(n, s string) (string, string) { return n, strings.Replace(s, "<p>Été", "<p>Été!", 1) }, "report.html: not as"},
		"a file gone":    {func(n, s string) (string, string) { return strings.TrimPrefix(n, "data.json"), s }, "3 files"},
		"a file renamed": {func(n, s string) (string, string) { return strings.Replace(n, "data", "other", 1), s }, "data.json: not in"},
		"a manifest made": {func(n, s string) (string, string) {
			return n, strings.Replace(s, `"id":"report-1"`, `"id":"report-2"`, 1)
		}, "manifest.json.jws: not our"},
		"no signature": {func(n, s string) (string, string) { return strings.Replace(n, ".jws", ".txt", 1), s }, "manifest.json.jws: not in"},
	} {
		changed := rewritten(t, archive(t), func(n, s string) (string, string) {
			if n == export.SignatureName && name == "a manifest made" {
				return n, s
			}
			return c.change(n, s)
		})
		if _, err := check(changed); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := check([]byte("not a ZIP at all")); err == nil {
		t.Error("a text passed for an archive")
	}
}
