package report_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/consent/export/exporttest"
	"portail.example/consent/ledger"
	"portail.example/consent/token"
	"portail.example/internal/i18n"
	"portail.example/internal/signing"
	"portail.example/locales"
	"portail.example/portal/dpo/report"
	"portail.example/templates"
)

// tree has a place for answers and consultations and not yet for the rest.
type tree struct{}

func (tree) Proof(_ context.Context, _ consent.SubjectID, kind consent.EntryKind, ref string) (ledger.Proof, error) {
	if kind == consent.EntryWithdrawn {
		return ledger.Proof{}, consent.NotFound
	}
	if kind == consent.EntryOutcome {
		return ledger.Proof{Fact: `{"by":"agent-7"}`, Entry: ref, Checkpoint: "checkpoint"}, nil
	}
	fact := sha256.Sum256([]byte("row"))
	return ledger.Proof{Fact: "row", Entry: `{"fact":"` + hex.EncodeToString(fact[:]) + `"}`, Checkpoint: "checkpoint"}, nil
}

// told is a citizen of whom the portal holds something of everything, two
// authorities' and a formula among the words.
func told(t *testing.T) *consenttest.World {
	t.Helper()
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	for _, outcome := range []consent.Outcome{consent.Released, consent.NoFile} {
		w.Clock.Advance(1e9)
		call := w.Call(issued)
		call.By = consent.ConsultedBy{Agent: "agent-7", Service: "regie-2"}
		access, err := w.Service.AuthorizeAccess(t.Context(), call)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Service.CompleteAccess(t.Context(), access.Access, outcome, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.TooMuch); err != nil {
		t.Fatal(err)
	}
	other := w.Push()
	other.Client, other.RedirectURI = consenttest.Transports(), consenttest.Transports().RedirectURIs[0]
	other.Details = *consenttest.Transports().Default
	other.Details.EndsOn = w.Push().Details.EndsOn
	w.Granted(t, other)
	if _, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "=HYPERLINK(\"x\") <b>tout</b>"); err != nil {
		t.Fatal(err)
	}
	answered(t, w)
	return w
}

// answered is the officers' side, before they were revoked: the citizen was looked up,
// once for a reason that names another person, and written to.
func answered(t *testing.T, w *consenttest.World) {
	t.Helper()
	who := consenttest.Angela().Identity
	person := consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}
	platform, town := w.Agent(t, consent.RolePlatformDPO), w.Agent(t, consent.RoleDPO)
	l, err := w.Service.FindPerson(t.Context(), platform, person, "lettre du 1er mars")
	if err == nil {
		_, err = w.Service.FindPerson(t.Context(), town, person, "à la demande de Pierre MARTIN")
	}
	var asked consent.RightsRequest
	if err == nil {
		asked, err = w.Service.EnterRight(t.Context(), platform, l.ID, consent.RightAccess, "", consent.DateOf(w.Clock.Now()))
	}
	for _, kind := range []consent.RightsMessageKind{consent.RightsNews, consent.RightsAnswer} {
		if err == nil {
			err = w.Service.WriteRight(t.Context(), platform, asked.ID, kind, "=CELL(1) nous cherchons")
		}
	}
	for _, agent := range []consent.Agent{platform, town} {
		if err == nil {
			err = w.Service.RevokeAgent(t.Context(), consent.Console(), agent.ID)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// made is the archive that an agent's order gives.
func made(t *testing.T, w *consenttest.World, role consent.Role) ([]byte, *signing.Key) {
	t.Helper()
	agent, who := w.Agent(t, role), consenttest.Angela().Identity
	l, err := w.Service.FindPerson(t.Context(), agent, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "demande du 3 mars")
	if err != nil {
		t.Fatal(err)
	}
	ordered, err := w.Service.OrderReport(t.Context(), agent, l.ID, consent.Date{}, consent.Date{})
	if err != nil {
		t.Fatal(err)
	}
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	writer, err := report.New(report.Config{
		Templates: templates.FS, Words: bundle, Sign: key.SignManifest, Proofs: tree{}, Operator: report.Operator{Name: "Opérateur", Address: "1 place", DPO: "dpo@portail.example"},
		Missing: func(key string, err error) { t.Errorf("%s: %v", key, err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.MakeReport(t.Context(), writer.Write); err != nil {
		t.Fatal(err)
	}
	_, content, err := w.Service.ReportContent(t.Context(), agent, ordered.ID)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return archive, key
}

// files are those of an archive, once its manifest and signature were found true.
func files(t *testing.T, archive []byte, key *signing.Key) map[string]string {
	t.Helper()
	verify := func(signature string, manifest []byte) error {
		return token.VerifyDetached(t.Context(), key, token.ManifestType, signature, manifest)
	}
	if _, err := export.CheckArchive(bytes.NewReader(archive), int64(len(archive)), verify); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

func TestAReportTellsEverythingInBothLanguages(t *testing.T) {
	archive, key := made(t, told(t), consent.RolePlatformDPO)
	got := files(t, archive, key)
	town, transports := consenttest.TownHall(), consenttest.Transports()
	for name, want := range map[string][]string{
		"report.fr.html": {`<html lang="fr">`, "Article 15, 1, a", "Article 15, 1, h", "Article 15, 2", "CNIL", "FranceConnect", town.LegalName, transports.LegalName, string(town.SIRET), town.DPOContact, "DUBOIS", "1962", "&lt;b&gt;tout", "=CELL(1) nous cherchons", "lettre du 1er mars", "demande du 3 mars", "il peut nommer une autre personne", "Délégué à la protection des données d’un organisme", "<dt>Gardé jusqu’au</dt>"},
		"report.en.html": {`<html lang="en">`, "Article 15(1)(a)", "Article 15(1)(h)", "Article 15(2)", "CNIL", town.LegalName, "DUBOIS", "=CELL(1) nous cherchons", "lettre du 1er mars", "it may name somebody else"},
		"data.json":      {`"report":{"id":`, `"ended_at":`, `"withdrawal_reason":"too_much"`, `"kept_until"`, `"searched_by":"identity","reason":"lettre du 1er mars"`, `"role":"dpo","searched_by":"identity","at":`, `"kind":"answer","text":"=CELL(1) nous cherchons"`, `"entered_by_officer":true`},
		"proofs.jsonl":   {`{"kind":"decision","id":`, `"placed":true`, `{"kind":"withdrawal","id":`, `{"kind":"outcome","id":`, `"placed":false}`},
		"report.fr.pdf":  {"%PDF-"},
		"report.en.pdf":  {"%PDF-"},
	} {
		for _, text := range want {
			if !strings.Contains(got[name], text) {
				t.Errorf("%s does not say %q", name, text)
			}
		}
	}
	for _, name := range []string{"report.fr.pdf", "report.en.pdf"} {
		exporttest.Accessible(t, name, []byte(got[name]))
	}
	if !json.Valid([]byte(got["data.json"])) {
		t.Error("data.json does not parse")
	}
	for _, line := range strings.Split(strings.TrimSpace(got["proofs.jsonl"]), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}

// Each table has a row for each thing, as wide as its head, and nothing a spreadsheet
// would run.
func TestTheTablesOfAReport(t *testing.T) {
	archive, key := made(t, told(t), consent.RolePlatformDPO)
	got := files(t, archive, key)
	for part, rows := range map[consent.Part]int{consent.PartRequests: 2, consent.PartAnswers: 2, consent.PartConsents: 2, consent.PartAccesses: 2, consent.PartRights: 2, consent.PartMessages: 2, consent.PartLookups: 3, consent.PartSessions: 0} {
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(got[string(part)+".csv"], "\ufeff")))
		reader.Comma = ';'
		table, err := reader.ReadAll()
		if err != nil || len(table) != rows+1 {
			t.Errorf("%s: %d rows, want %d: %v", part, len(table)-1, rows, err)
		}
		for _, row := range table {
			for _, cell := range row {
				if strings.HasPrefix(cell, "=") {
					t.Errorf("%s: %q runs", part, cell)
				}
			}
		}
	}
}

// An authority's officer hands over what concerns that authority.
func TestAnAuthoritysReportNamesNoOther(t *testing.T) {
	archive, key := made(t, told(t), consent.RoleDPO)
	for name, text := range files(t, archive, key) {
		for _, foreign := range []string{consenttest.Transports().LegalName, string(consenttest.Transports().SIRET), "HYPERLINK", "nous cherchons", "lettre du 1er mars", "MARTIN"} {
			if strings.Contains(text, foreign) {
				t.Errorf("%s says %q", name, foreign)
			}
		}
	}
	got := files(t, archive, key)
	for name, text := range got { // why it was withdrawn is the citizen's own
		for _, why := range []string{`"too_much"`, ";too_much;", "trop de données", "too much data", `"kind":"withdrawal"`} {
			if strings.Contains(strings.ToLower(text), why) {
				t.Errorf("%s says %q", name, why)
			}
		}
	}
	if table := got["look_ups.csv"]; strings.Count(table, "\n") != 3 || !strings.Contains(table, "demande du 3 mars") {
		t.Errorf("the look-ups of its own officers: %s", table)
	}
}

// Nothing that tells another person, or an agent, is in a report.
func TestAReportSpeaksOfNobodyElse(t *testing.T) {
	w := told(t)
	w.SignIn(t, consenttest.Pierre())
	archive, key := made(t, w, consent.RolePlatformDPO)
	for name, text := range files(t, archive, key) {
		for _, other := range []string{consenttest.Pierre().Identity.FamilyName, "Dominique", "EXEMPLE", "platform_dpo@", "MARTIN", "agent-7", "regie-2"} {
			if strings.Contains(text, other) {
				t.Errorf("%s says %q", name, other)
			}
		}
	}
}

// Every member that a program meets is in the document of the data model.
func TestTheDataModelIsDocumented(t *testing.T) {
	archive, key := made(t, told(t), consent.RolePlatformDPO)
	got := files(t, archive, key)
	doc, err := os.ReadFile("../../../docs/subject-report.md")
	if err != nil {
		t.Fatal(err)
	}
	documents := append(strings.Split(strings.TrimSpace(got["proofs.jsonl"]), "\n"), got["data.json"])
	seen := map[string]bool{}
	for _, text := range documents {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		members(value, seen)
	}
	for name := range seen {
		if !strings.Contains(string(doc), "`"+name+"`") && !strings.Contains(string(doc), "### "+name) {
			t.Errorf("%s is not documented", name)
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d members: the test looks at nothing", len(seen))
	}
}

// members collects the names of all objects but the identity, which is FranceConnect's.
func members(value any, into map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			members(item, into)
		}
	case map[string]any:
		for name, item := range v {
			into[name] = true
			if name != "identity" {
				members(item, into)
			}
		}
	}
}

// A PDF is in memory as a whole: it prints so much of a list, and says where the rest is.
func TestThePDFOfALongLifeIsBounded(t *testing.T) {
	w := consenttest.NewWorld(t)
	for range report.MaxPrinted + 1 {
		w.Clock.Advance(1e9)
		w.Identified(t, w.Push())
	}
	archive, key := made(t, w, consent.RolePlatformDPO)
	got := files(t, archive, key)
	if rows := strings.Count(got["requests.csv"], "\n") - 1; rows <= report.MaxPrinted {
		t.Fatalf("only %d requests", rows)
	}
	name := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(name, []byte(got["report.en.pdf"]), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "Kept until"); n != report.MaxPrinted+1 || // and the look-up
		!strings.Contains(string(text), "Only the newest") {
		t.Errorf("%d lines are printed, or the rest is not spoken of", n)
	}
}
