package citizen_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/export/exporttest"
	"portail.example/portal/web/webtest"
)

func (w *world) exported(b *webtest.Browser, format string) webtest.Answer {
	return b.Post(w.base+"/my-data/export", url.Values{"format": {format}})
}

func TestMyDataAtOnce(t *testing.T) {
	w := newWorld(t)
	b, _ := w.answered(allow)
	expect(t, "my data", b.Get(w.base+"/my-data"), 200, "36 mois", "R. 114-9-7", "Télécharger en PDF", "CNIL")
	copied := w.exported(b, "html")
	expect(t, "copy", copied, 200, "DUBOIS", "Angela, Claire", "1962-08-24", "Commune de Lisière-sur-Ource", "Vous avez autorisé ce partage.", "demande votre quotient familial (CAF ou MSA)")
	var file struct {
		Format   string                `json:"format"`
		Identity consent.PivotIdentity `json:"identity"`
		Requests []struct{ Status string }
		Answers  []struct{ Text string }
		Consents []struct{ Status string }
		Accesses []struct{} `json:"consultations"`
	}
	answer := w.exported(b, "json")
	if err := json.Unmarshal([]byte(answer.Body), &file); err != nil {
		t.Fatalf("%v\n%s", err, answer.Body)
	}
	if file.Identity.FamilyName != "DUBOIS" || len(file.Requests) != 1 || len(file.Answers) != 1 || len(file.Consents) != 1 || file.Accesses == nil ||
		file.Consents[0].Status != "active" || !strings.Contains(file.Answers[0].Text, "quotient familial") {
		t.Errorf("%s", answer.Body)
	}
	name := filepath.Join(t.TempDir(), "data.pdf")
	pdf := w.exported(b, "pdf")
	exporttest.Accessible(t, "copy", []byte(pdf.Body))
	if err := os.WriteFile(name, []byte(pdf.Body), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", name, "-").Output()
	if err != nil || !strings.Contains(string(text), "DUBOIS") || !strings.Contains(string(text), "Lisière-sur-Ource") {
		t.Errorf("%v: %s", err, text)
	}
	for want, a := range map[string]webtest.Answer{`"mes-donnees.json"`: answer, `"mes-donnees.pdf"`: pdf} {
		if !strings.Contains(a.Header.Get("Content-Disposition"), want) || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", want, a.Header)
		}
	}
	if a := w.exported(b, "xml"); a.Status != http.StatusBadRequest {
		t.Errorf("xml: %d", a.Status)
	}
}

func TestMyDataIsForWhoSignedIn(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	for what, a := range map[string]webtest.Answer{"page": b.Get(w.base + "/my-data"), "export": w.exported(b, "json")} {
		if a.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
}
