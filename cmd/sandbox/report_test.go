package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/consent/export/exporttest"
	"portail.example/consent/ledger"
	"portail.example/consent/token"
	"portail.example/internal/sandbox/peers"
	"portail.example/portal/web/webtest"
)

// answered is the archive that an officer gets for Marge, whose data were used.
func (j *journey) answered() []byte {
	j.t.Helper()
	access, _ := j.token("marge")
	j.get("/data/v1/quotient-familial?annee=2026&mois=9", access)
	for tries := 0; tries < 100 && !strings.Contains(j.text("/ledger/checkpoint"), "/ledger\n"); tries++ {
		time.Sleep(100 * time.Millisecond) // the sequencer has a clock of its own
	}
	b, _ := j.agentAt("claire", operatorSIRET)
	search := url.Values{"family_name": {"Simpson"}, "birthdate": {"1980-11-15"}, "reason": {"demande d’accès du 3 mars"}}
	person := b.Post(j.PortalURL+"/dpo/people", search)
	j.expect("the person", person, http.StatusOK, "SIMPSON", "Marge")
	list := b.Post(person.URL.String(), nil)
	for tries := 0; tries < 100 && !strings.Contains(list.Body, "/file"); tries++ {
		time.Sleep(100 * time.Millisecond) // so has who makes reports
		list = b.Get(j.PortalURL + "/dpo/reports")
	}
	return resumed(j, b, j.find(hrefs, list, "/file"))
}

// resumed downloads in two parts.
func resumed(j *journey, b *webtest.Browser, address string) []byte {
	j.t.Helper()
	whole := b.Get(address)
	b.Header.Set("If-Range", whole.Header.Get("ETag"))
	b.Header.Set("Range", "bytes=0-999")
	first := b.Get(address)
	b.Header.Set("Range", "bytes=1000-")
	rest := b.Get(address)
	if first.Status != http.StatusPartialContent || rest.Status != http.StatusPartialContent || first.Body+rest.Body != whole.Body {
		j.t.Fatalf("%d, %d: %d and %d bytes of %d", first.Status, rest.Status, len(first.Body), len(rest.Body), len(whole.Body))
	}
	return []byte(first.Body + rest.Body)
}

// opened are the files of an archive that bears the portal's signature.
func (j *journey) opened(archive []byte) map[string]string {
	j.t.Helper()
	keys, err := token.ParseKeys([]byte(j.text("/oauth/jwks")))
	if err != nil {
		j.t.Fatal(err)
	}
	if _, err := export.CheckArchive(bytes.NewReader(archive), int64(len(archive)), func(signature string, manifest []byte) error {
		return token.VerifyDetached(j.t.Context(), keys, token.ManifestType, signature, manifest)
	}); err != nil {
		j.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		j.t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			j.t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			j.t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

// From the search to what the person gets: pages valid by npm html-validate, documents
// accessible by qpdf’s account, proofs that hold without us.
func TestAnOfficerAnswersAPerson(t *testing.T) {
	j := newJourney(t)
	files := j.opened(j.answered())
	validator, folder := peers.Start(t, "pages.mjs", map[string]any{}), t.TempDir()
	for _, lang := range []string{"fr", "en"} {
		page := files["report."+lang+".html"]
		if !inOrder(headings.FindAllStringSubmatch(page, -1)) || !strings.Contains(page, "SIMPSON") {
			t.Errorf("%s: %v", lang, headings.FindAllString(page, -1))
		}
		var faults struct{ OK []string }
		validator.Ask(map[string]string{"call": "validate", "html": page}, &faults)
		for _, fault := range faults.OK {
			t.Errorf("%s: %s", lang, fault)
		}
		name := filepath.Join(folder, lang+".pdf")
		if err := os.WriteFile(name, []byte(files["report."+lang+".pdf"]), 0o600); err != nil {
			t.Fatal(err)
		}
		exporttest.Accessible(t, name, []byte(files["report."+lang+".pdf"]))
		says(t, []string{"pdfinfo", "-struct-text", name}, "H1", "H2", "H3", "Table", "TH", "SIMPSON")
		if *screenshots != "" {
			says(t, []string{"pdftoppm", "-r", "60", "-png", name, filepath.Join(*screenshots, "report-"+lang)})
			if err := os.WriteFile(filepath.Join(*screenshots, "report."+lang+".html"), []byte(page), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if placed := provenOf(t, files["proofs.jsonl"], strings.TrimSpace(j.text("/ledger/key"))); placed < 2 {
		t.Errorf("%d proofs", placed)
	}
}

// says runs a program, whose output holds some texts.
func says(t *testing.T, command []string, texts ...string) {
	t.Helper()
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %v\n%s", command, err, out)
	}
	for _, text := range texts {
		if !strings.Contains(string(out), text) {
			t.Errorf("%v does not say %q:\n%.2000s", command[:2], text, out)
		}
	}
}

// provenOf checks each proof with the ledger's public key, and counts them.
func provenOf(t *testing.T, lines, key string) (placed int) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		var proof struct {
			Kind   consent.EntryKind
			Placed bool
			ledger.Proof
		}
		if err := json.Unmarshal([]byte(line), &proof); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if !proof.Placed {
			continue
		}
		placed++
		if err := proof.Check(key); err != nil {
			t.Errorf("%s: %v", proof.Kind, err)
		}
	}
	return placed
}
