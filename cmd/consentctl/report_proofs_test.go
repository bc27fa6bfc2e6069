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

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/consent/ledger"
	"portail.example/internal/i18n"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
	"portail.example/internal/signing"
	"portail.example/locales"
	"portail.example/portal/dpo/report"
	"portail.example/templates"
)

// reported is a report from a real database, and what checks it.
type reported struct {
	archive []byte
	key     *signing.Key
	sign    *ledger.Signer
}

func newReported(t *testing.T, by consent.Role) reported {
	t.Helper()
	db := pgtest.Open(t, pgtest.URL(t))
	w := consenttest.NewWorldOn(t, db)
	consulted(t, w)
	out := reported{}
	var err error
	if out.sign, err = ledger.NewSigner("portal.example/ledger", make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	if out.key, _, err = signing.Generate(); err != nil {
		t.Fatal(err)
	}
	for waiting := int64(1); waiting > 0; { // other tests' transactions hold the sequencer back
		if _, err := db.Sequence(t.Context(), out.sign, w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		seen, err := db.VerifyLedger(t.Context(), out.sign.PublicKey(), nil, w.Clock.Now(), nil)
		if err != nil {
			t.Fatal(err)
		}
		waiting = seen.Waiting
	}
	out.archive = ordered(t, w, db, out.key, by)
	return out
}

// consulted is a life with an answer of each kind, consultations that say who consulted
// and that do not, one that is open, and a withdrawal.
func consulted(t *testing.T, w *consenttest.World) {
	t.Helper()
	issued := w.Issued(t, w.Push())
	for _, by := range []consent.ConsultedBy{{Agent: "agent-7"}, {}, {}} {
		w.Clock.Advance(time.Second)
		call := w.Call(issued)
		call.By = by
		opened, err := w.Service.AuthorizeAccess(t.Context(), call)
		if err == nil && by.Agent == "" {
			err = w.Service.CompleteAccess(t.Context(), opened.Access, consent.NoFile, "")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Moved); err != nil {
		t.Fatal(err)
	}
	refused := w.Allow(w.Identified(t, w.Push()))
	refused.Allow = false
	if _, err := w.Service.Decide(t.Context(), refused); err != nil {
		t.Fatal(err)
	}
}

// ordered is the archive that an officer gets.
func ordered(t *testing.T, w *consenttest.World, db *postgres.DB, key *signing.Key, by consent.Role) []byte {
	t.Helper()
	agent, who := w.Agent(t, by), consenttest.Angela().Identity
	l, err := w.Service.FindPerson(t.Context(), agent, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "demande du 3 mars")
	if err != nil {
		t.Fatal(err)
	}
	order, err := w.Service.OrderReport(t.Context(), agent, l.ID, consent.Date{}, consent.Date{})
	if err != nil {
		t.Fatal(err)
	}
	words, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	writer, err := report.New(report.Config{Templates: templates.FS, Words: words, Sign: key.SignManifest, Proofs: db})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.MakeReport(t.Context(), writer.Write); err != nil {
		t.Fatal(err)
	}
	_, content, err := w.Service.ReportContent(t.Context(), agent, order.ID)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

// resigned copies an archive with another text in one file, under a manifest that says
// so and that a key signed.
func (r reported) resigned(t *testing.T, key *signing.Key, file string, change func(string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(r.archive), int64(len(r.archive)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := export.NewArchive(&out, "report-1", time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	for _, f := range from.File[:len(from.File)-2] {
		body, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == file {
			changed := change(string(text))
			if changed == string(text) {
				t.Fatalf("%s was not changed", file)
			}
			text = []byte(changed)
		}
		w, err := to.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(key.SignManifest); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// verify gives what is said, and the exit status.
func (r reported) verify(t *testing.T, archive []byte, key string) (string, int) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"report", "verify", "--jwks", filepath.Join(dir, "jwks")}
	if key != "" {
		args = append(args, "--key", filepath.Join(dir, "key"))
	}
	for name, text := range map[string]string{"jwks": string(r.key.JWKS()), "key": key + "\n", "zip": string(archive)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := run(t.Context(), append(args, filepath.Join(dir, "zip")), nil, &out); err != nil {
		return out.String() + err.Error(), statusOf(err)
	}
	return out.String(), 0
}

// inLines changes the lines of a text.
func inLines(change func([]string) []string) func(string) string {
	return func(text string) string {
		return strings.Join(change(strings.Split(strings.TrimSuffix(text, "\n"), "\n")), "\n") + "\n"
	}
}

// line changes one line, from 1.
func line(n int, was, is string) func(string) string {
	return inLines(func(l []string) []string { l[n-1] = strings.Replace(l[n-1], was, is, 1); return l })
}

// grafted gives the first line the proof of the second, under its own name.
func grafted(l []string) []string {
	head, _, _ := strings.Cut(l[0], `"placed"`)
	_, proof, _ := strings.Cut(l[1], `"placed"`)
	l[0] = head + `"placed"` + proof
	return l
}

func replacing(was, is string) func(string) string {
	return func(text string) string { return strings.Replace(text, was, is, 1) }
}

// Whoever signs manifests and not checkpoints cannot give out a report that says something
// else than what the ledger holds: each forgery is found, and the first bad line named.
func TestTheProofsOfAReportAreVerifiedWithoutUs(t *testing.T) {
	r := newReported(t, consent.RolePlatformDPO)
	if said, status := r.verify(t, r.archive, r.sign.PublicKey()); status != 0 || !strings.Contains(said, "proved: 6 answers, withdrawals and consultations") || !strings.Contains(said, "(1 by their entry alone); 0 had no place") {
		t.Fatalf("as it was made: status %d: %s", status, said)
	}
	if said, status := r.verify(t, r.archive, ""); status != 0 || !strings.Contains(said, "not checked: proofs.jsonl") {
		t.Errorf("without the ledger's key: status %d: %s", status, said)
	}
	stranger, err := ledger.NewSigner("portal.example/ledger", append(make([]byte, 31), 1))
	if err != nil {
		t.Fatal(err)
	}
	if said, status := r.verify(t, r.archive, stranger.PublicKey()); status != 4 || !strings.Contains(said, "line 1 ") {
		t.Errorf("another ledger's key: status %d: %s", status, said)
	}
	if said, status := r.verify(t, r.archive, "text"); status != 1 {
		t.Errorf("no key: status %d: %s", status, said)
	}
	for what, c := range map[string]struct {
		file   string
		change func(string) string
		status int
		says   string
	}{
		"a hash of the path":                   {"proofs.jsonl", line(2, `"hashes":["`, `"hashes":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","`), 5, "line 2 "},
		"the place":                            {"proofs.jsonl", line(3, `"index":`, `"index":1`), 5, "line 3 "},
		"the entry":                            {"proofs.jsonl", line(1, `{\"v\":1`, `{\"v\":2`), 5, "line 1 "},
		"the checkpoint's size":                {"proofs.jsonl", line(4, `"checkpoint":"portal.example/ledger\n`, `"checkpoint":"portal.example/ledger\n9`), 4, "line 4 "},
		"the row":                              {"proofs.jsonl", line(2, `\"allowed\": true`, `\"allowed\": false`), 3, "line 2 "},
		"two lines swapped":                    {"proofs.jsonl", inLines(func(l []string) []string { l[0], l[1] = l[1], l[0]; return l }), 3, "line 1 "},
		"another line's proof":                 {"proofs.jsonl", inLines(grafted), 3, "line 1 "},
		"the first line gone":                  {"proofs.jsonl", inLines(func(l []string) []string { return l[1:] }), 3, "line 1 "},
		"the last line gone":                   {"proofs.jsonl", inLines(func(l []string) []string { return l[:len(l)-1] }), 3, "line 6: missing"},
		"a line more":                          {"proofs.jsonl", inLines(func(l []string) []string { return append(l, l[0]) }), 3, "line 7: the report tells nothing"},
		"a line that is no JSON":               {"proofs.jsonl", line(5, "{", "("), 3, "line 5 "},
		"an answer's row withheld":             {"proofs.jsonl", line(1, `"fact":"`, `"was":"`), 3, "line 1 "},
		"another answer":                       {"data.json", replacing(`"allowed":true`, `"allowed":false`), 3, "line 2 "},
		"another text":                         {"data.json", replacing(`"text":"`, `"text":"X`), 3, "line 1 "},
		"another last day":                     {"data.json", replacing(`"ends_on":"2`, `"ends_on":"3`), 3, "ends_on"},
		"another reason":                       {"data.json", replacing(`"withdrawal_reason":"moved"`, `"withdrawal_reason":"by_mistake"`), 3, "line 3 "},
		"no withdrawal":                        {"data.json", replacing(`"status":"withdrawn"`, `"status":"active"`), 3, "line 3 "},
		"another outcome":                      {"data.json", replacing(`"outcome":"no_file"`, `"outcome":"released"`), 3, "line 4 "},
		"a consultation under another consent": {"data.json", replacing(`"consent_id":"`, `"consent_id":"x`), 3, "line 4 "},
		"a document cut short":                 {"data.json", func(s string) string { return s[:len(s)/2] }, 3, "data.json"},
	} {
		if said, status := r.verify(t, r.resigned(t, r.key, c.file, c.change), r.sign.PublicKey()); status != c.status || !strings.Contains(said, c.says) {
			t.Errorf("%s: status %d, want %d: %s", what, status, c.status, said)
		}
	}
	other, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	gone := inLines(func(l []string) []string { return l[1:] })
	if said, status := r.verify(t, r.resigned(t, other, "proofs.jsonl", gone), r.sign.PublicKey()); status != 2 || !strings.Contains(said, export.SignatureName) {
		t.Errorf("signed by a stranger: status %d: %s", status, said)
	}
}

// An authority's report is verified too; it has no proof of why a consent was withdrawn.
func TestTheProofsOfAnAuthoritysReportAreVerified(t *testing.T) {
	r := newReported(t, consent.RoleDPO)
	if said, status := r.verify(t, r.archive, r.sign.PublicKey()); status != 0 || !strings.Contains(said, "proved: 5 answers") {
		t.Errorf("as it was made: status %d: %s", status, said)
	}
	if said, status := r.verify(t, r.resigned(t, r.key, "data.json", replacing(`"authority":`, `"autorite":`)), r.sign.PublicKey()); status != 3 {
		t.Errorf("as if it were the portal's: status %d: %s", status, said)
	}
}
