package portal_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/consent/token"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/portal/gateway"
	"portail.example/portal/web/webtest"
)

// paper is a release with its attestation.
type paper struct {
	Data  map[string]json.RawMessage
	Links struct {
		PDF string `json:"attestation_pdf"`
	}
	Meta struct {
		Code   string `json:"verification_code"`
		Signed string `json:"attestation"`
	}
	text   string // of the PDF
	claims token.AttestationClaims
}

func (w *world) paper(set consent.DataSet, bearer string) (out paper) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.base+"/data/v1/"+set.Path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	request.Header.Set(gateway.ProofHeader, "pdf")
	w.answer(request, &out)
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(out.Links.PDF, "data:application/pdf;base64,"))
	if err != nil || len(raw) == 0 {
		w.t.Fatalf("no paper: %v", err)
	}
	attached, err := export.Attached(raw)
	if err != nil || string(attached) != out.Meta.Signed {
		w.t.Errorf("signed data in the paper: %v", err)
	}
	if out.claims, err = token.VerifyAttestation(w.t.Context(), w.key, issuer, out.Meta.Signed); err != nil {
		w.t.Fatal(err)
	}
	out.text = printed(w.t, raw)
	return out
}

// printed is the text of a PDF, its words apart by one space.
func printed(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "attestation.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	return spaced(string(out))
}

func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// typedLines is the form of the public page with lines of a paper.
func typedLines(code string, lines []token.AttestationLine, change func(int, string) string) url.Values {
	form := url.Values{"code": {code}}
	for i, l := range lines[:min(3, len(lines))] {
		form.Set("line_"+strconv.Itoa(i+1), change(i+1, l.Value))
	}
	if n := len(lines); n > 3 {
		form.Set("number", strconv.Itoa(n))
		form.Set("text", change(n, lines[n-1].Value))
	}
	return form
}

// checked is what the public page says of lines.
func (w *world) checked(form url.Values) string {
	w.t.Helper()
	w.Clock.Advance(time.Minute)
	page := webtest.NewBrowser(w.t).Post(w.base+"/attestation", form)
	if page.Status != http.StatusOK {
		w.t.Errorf("the page: %d", page.Status)
	}
	return html.UnescapeString(page.Body)
}

// Of every data set, whole and by its first and last group, a paper prints and signs the
// granted values and no other, and the public page knows each line from another one.
func TestAPaperOfAnyDataSet(t *testing.T) {
	words := french(t)
	for _, set := range consent.DataSets() {
		for _, granted := range parts(set) {
			t.Run(fmt.Sprint(set.Type, granted), func(t *testing.T) {
				w := newWorld(t)
				data, leaves := madeUp(set, words)
				consenttest.TellWhose(data, set, "SECRET-DE-TROP")
				body, err := json.Marshal(map[string]any{"data": data, "links": map[string]any{}, "meta": map[string]any{}})
				if err != nil {
					t.Fatal(err)
				}
				w.api.Misbehave(stub.Mischief{Body: string(body)})
				p := w.paper(set, w.answers(w.asks(set, granted), granted))
				p.holds(t, granted, leaves)
				same := func(_ int, s string) string { return s }
				if said := w.checked(typedLines(p.Meta.Code, p.claims.Lines, same)); !strings.Contains(said, "C’est bien ce que dit l’attestation") || !strings.Contains(said, w.Client.LegalName) {
					t.Errorf("the paper as printed: %v", p.claims.Lines)
				}
				other := func(n int, s string) string {
					if n == min(2, len(p.claims.Lines)) {
						return s + " bis"
					}
					return s
				}
				if said := w.checked(typedLines(p.Meta.Code, p.claims.Lines, other)); !strings.Contains(said, "Ce n’est pas ce que dit") || strings.Contains(said, w.Client.LegalName) {
					t.Error("another value agrees")
				}
			})
		}
	}
}

// holds compares a paper with what was granted of what was sent.
func (p paper) holds(t *testing.T, granted []consent.DataGroup, leaves []leaf) {
	t.Helper()
	signed, err := json.Marshal(p.claims.Data)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range p.claims.Lines {
		if line := spaced(strconv.Itoa(i+1) + ". " + l.Name); !strings.Contains(p.text, line) {
			t.Errorf("%q is not printed", line)
		}
	}
	if !strings.Contains(p.text, p.Meta.Code) || len(p.claims.Lines) < 2 {
		t.Errorf("no code, or no line, in %s", p.text)
	}
	for _, v := range leaves {
		raw, text := v.raw.(string)
		may := slices.Contains(granted, v.group)
		if text && strings.Contains(string(signed), raw) != may {
			t.Errorf("%s %s: signed is %v", v.group, v.name, !may)
		}
		if shown := strings.Contains(p.text, spaced(v.seen)); text && shown != may {
			t.Errorf("%s %s: %q printed is %v", v.group, v.name, v.seen, shown)
		}
	}
}
