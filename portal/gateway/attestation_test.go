package gateway_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/consent/token"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/portal/gateway"
	"portail.example/portal/web/held"
	"portail.example/portal/web/webtest"
)

// signer signs attestations, unless the test broke it.
func (w *world) signer() gateway.AttestationSigner { return breakable{w} }

type breakable struct{ w *world }

func (b breakable) MintAttestation(claims token.AttestationClaims) (string, error) {
	if b.w.unsigned {
		return "", errors.New("no key may sign")
	}
	return b.w.key.MintAttestation(claims)
}

// proved is an answer with a proof, and its signed part.
type proved struct {
	reply
	proofParts
	claims token.AttestationClaims
}

type proofParts struct {
	Links struct {
		PDF string `json:"attestation_pdf"`
	}
	Meta struct {
		URL    string `json:"verification_url"`
		Code   string `json:"verification_code"`
		Signed string `json:"attestation"`
	}
}

func (w *world) prove(mode, target, bearer string) (out proved) {
	w.t.Helper()
	if out.reply = w.get(target, bearer, gateway.ProofHeader, mode); out.status != http.StatusOK {
		w.t.Fatalf("%d %s", out.status, out.raw)
	}
	err := json.Unmarshal([]byte(out.raw), &out.proofParts)
	if err == nil {
		out.claims, err = token.VerifyAttestation(w.t.Context(), w.key, issuer, out.Meta.Signed)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// says asks what the public page asks.
func (w *world) says(code string, lines map[int]string) consent.AttestationVerdict {
	w.t.Helper()
	answer, err := w.Service.CheckAttestation(w.t.Context(), consent.Typed{Code: code, Lines: lines, Names: held.PaperNames})
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.Verdict
}

func TestAnAttestationComesWithTheReleaseItIsOf(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Once, consent.GroupQuotientFamilial)
	r := w.prove("proof-only", path+"?annee=2026&mois=10", bearer)
	if r.Meta.URL != issuer+"/attestation" || r.Links.PDF != "" || !strings.Contains(r.raw, `"valeur":4270`) {
		t.Errorf("answered %s", r.raw)
	}
	a, c := w.last(), r.claims
	if a.Outcome != consent.Released || !a.Attested() || c.ID != a.ID || c.GrantID != a.GrantID {
		t.Errorf("recorded %+v for %+v", a, c)
	}
	if c.Recipient != string(w.Client.SIRET) || c.RecipientName != w.Client.LegalName || c.Period != "2026-10" || c.Fund == "" || c.DataSet != "quotient_familial" || c.Purpose == "" {
		t.Errorf("claims %+v", c)
	}
	want := map[int]string{1: "octobre 2026", 2: c.Fund, 3: "4270"}
	if got := w.says(r.Meta.Code, want); got != consent.Agrees {
		t.Errorf("the paper as printed: %s (%v)", got, c.Lines)
	}
	for what, lines := range map[string]map[int]string{"another month": {1: "novembre 2026", 3: "4270"}, "another amount": {1: "octobre 2026", 3: "427"}, "another fund": {2: "X"}} {
		if got := w.says(r.Meta.Code, lines); got != consent.Differs {
			t.Errorf("%s: %s", what, got)
		}
	}
	if got := w.says(consent.NewAttestationCode().Printed(), want); got != consent.Unknown {
		t.Errorf("another code: %s", got)
	}
	w.Clock.Advance(time.Second)
	if again := w.get(path, bearer, gateway.ProofHeader, "pdf"); again.status != 401 || again.code() != "90004" || strings.Contains(again.raw, "verification") {
		t.Errorf("a consent to one release gave a paper of another: %d %s", again.status, again.raw)
	}
}

func TestWithoutTheHeaderNothingChanges(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	r := w.raw(path, bearer, "Accept", "application/pdf")
	if r.status != 200 || !strings.Contains(r.raw, `"links":{},"meta":{}`) || !strings.HasPrefix(r.header.Get("Content-Type"), "application/vnd.api+json") || w.last().Attested() {
		t.Errorf("%d %s %s", r.status, r.header.Get("Content-Type"), r.raw)
	}
}

func TestAnotherWishIsRefusedBeforeAnythingIsAsked(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Once, consent.GroupQuotientFamilial)
	for _, headers := range [][]string{{gateway.ProofHeader, "PDF"}, {gateway.ProofHeader, ""}, {gateway.ProofHeader, "pdf", gateway.ProofHeader, "pdf"}, {gateway.ProofHeader, "pdf, proof-only"}} {
		if r := w.get(path, bearer, headers...); r.status != 400 || r.code() != "00401" || r.Errors[0].Source.Parameter != gateway.ProofHeader {
			t.Errorf("%v: %d %s", headers, r.status, r.raw)
		}
	}
	if len(w.upstream.Calls()) != 0 {
		t.Error("API Particulier was asked")
	}
}

// Whatever the citizen left out is neither in the signed data nor on the paper.
func TestAnAttestationHasTheGrantedGroupsAlone(t *testing.T) {
	all := consent.QuotientFamilial.Groups
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	for mask := 1; mask < 1<<len(all); mask++ {
		var groups []consent.DataGroup
		var want []string
		for i, g := range all {
			if mask&(1<<i) != 0 {
				groups, want = append(groups, g), append(want, string(g))
			}
		}
		w := worldWith(t, site)
		w.upstream.Misbehave(stub.Mischief{ExtraGroups: true})
		_, bearer := w.issued(consent.Continuous, groups...)
		r := w.prove("proof-only", path, bearer)
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(r.claims.Data)); !slices.Equal(got, want) || strings.Contains(r.Meta.Signed, "secret") {
			t.Errorf("%v: signed %v", groups, got)
		}
		var printed strings.Builder
		for _, l := range r.claims.Lines {
			printed.WriteString(l.Name + " " + l.Value + "\n")
		}
		for group, value := range map[consent.DataGroup]string{consent.GroupQuotientFamilial: "4\u202f270", consent.GroupAllocataires: "Allocataire 1", consent.GroupEnfants: "Enfant ", consent.GroupAdresse: "Commune"} {
			if strings.Contains(printed.String(), value) != slices.Contains(groups, group) {
				t.Errorf("%v: printed %s", groups, printed.String())
			}
		}
		if month := slices.Contains(groups, consent.GroupQuotientFamilial); strings.HasPrefix(printed.String(), "Mois ") != month || strings.HasPrefix(printed.String(), "Jour ") == month {
			t.Errorf("%v: printed %s", groups, printed.String())
		}
	}
}

// Each line of any paper is confirmed under the name that is printed beside it.
func TestEachLineOfAPaperIsConfirmedUnderItsName(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	every(t, func(t *testing.T, set consent.DataSet) {
		w := worldWith(t, site)
		_, bearer := w.allowed(set, set.InOrder(consenttest.PurposeFor(set).Groups)...)
		r := w.prove("proof-only", "/data/v1/"+set.Path, bearer)
		for i, l := range r.claims.Lines {
			answer, err := w.Service.CheckAttestation(t.Context(), consent.Typed{Code: r.Meta.Code, Lines: map[int]string{i + 1: l.Value}, Names: held.PaperNames})
			if want := (consent.ReadLine{Number: i + 1, Name: l.Name}); err != nil || !slices.Equal(answer.Right, []consent.ReadLine{want}) {
				t.Errorf("%v: %+v, %v", want, answer, err)
			}
		}
	})
}

func shell(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(out), "\u00a0", " "), "\u202f", " ")
}

// A paper is had in one command, reads well, and brings its signed data.
func TestThePaperIsHadAlone(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.QuotientFamilial.Groups...)
	r := w.raw(path, bearer, gateway.ProofHeader, "pdf", "Accept", "application/pdf")
	if r.status != 200 || r.header.Get("Content-Type") != "application/pdf" || r.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(r.raw, "%PDF-") {
		t.Fatalf("%d %v", r.status, r.header)
	}
	file := filepath.Join(t.TempDir(), "attestation.pdf")
	if err := os.WriteFile(file, []byte(r.raw), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := shell(t, "qpdf", "--check", file); !strings.Contains(said, "No syntax or stream encoding errors found") {
		t.Error(said)
	}
	if about := shell(t, "pdfinfo", file); !strings.Contains(about, "Tagged:          yes") || !strings.Contains(about, "Attestation de données transmises") {
		t.Error(about)
	}
	text := shell(t, "pdftotext", "-layout", file, "-")
	for _, want := range []string{"Attestation de données transmises", w.Client.LegalName, string(w.Client.SIRET), "1. Mois", "novembre 2026", "3. Quotient familial", "4 270", "DUBOIS", issuer + "/attestation", "Vérifier cette attestation", w.last().ID} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed:\n%s", want, text)
		}
	}
	signed, err := export.Attached([]byte(r.raw))
	if err != nil {
		t.Fatal(err)
	}
	claims, err := token.VerifyAttestation(t.Context(), w.key, issuer, string(signed))
	if err != nil || claims.ID != w.last().ID {
		t.Errorf("%v, %v", claims, err)
	}
	code := text[strings.Index(text, "Code ")+5:]
	lines := map[int]string{}
	for i, l := range claims.Lines {
		lines[i+1] = l.Value
	}
	if got := w.says(strings.TrimSpace(code[:strings.Index(code, "\n")]), lines); got != consent.Agrees {
		t.Errorf("the printed code and lines: %s", got)
	}
}

// "Bénéficiaire : oui" means nothing without what it is about.
func TestAPaperSaysWhichDataItHolds(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	words, _ := consent.Texts("fr")
	every(t, func(t *testing.T, set consent.DataSet) {
		w := worldWith(t, site)
		_, bearer := w.allowed(set, set.InOrder(consenttest.PurposeFor(set).Groups)...)
		r := w.raw("/data/v1/"+set.Path, bearer, gateway.ProofHeader, "pdf", "Accept", "application/pdf")
		file := filepath.Join(t.TempDir(), "attestation.pdf")
		if err := os.WriteFile(file, []byte(r.raw), 0o600); err != nil {
			t.Fatal(err)
		}
		text := shell(t, "pdftotext", "-layout", file, "-")
		if name := words["data_set."+set.Type+".name"]; name == "" || !strings.Contains(text, name) {
			t.Errorf("%q is not printed:\n%s", name, text)
		}
		for _, raw := range []string{"beneficiaire", "Est ", "debut", "Date fin", "radie", "Echelon", "insee", "Uai"} {
			if strings.Contains(text, raw) {
				t.Errorf("%q is no French:\n%s", raw, text)
			}
		}
	})
}

func TestThePaperTravelsInTheEnvelopeToo(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	r := w.prove("pdf", path, bearer)
	encoded, found := strings.CutPrefix(r.Links.PDF, "data:application/pdf;base64,")
	paper, err := base64.StdEncoding.DecodeString(encoded)
	if signed, failed := export.Attached(paper); !found || err != nil || failed != nil || string(signed) != r.Meta.Signed {
		t.Errorf("%v %v %v", found, err, failed)
	}
	w.Clock.Advance(time.Second)
	alone := w.raw(path, bearer, gateway.ProofHeader, "proof-only", "Accept", "application/jwt")
	if _, err := token.VerifyAttestation(t.Context(), w.key, issuer, alone.raw); err != nil || alone.header.Get("Content-Type") != "application/jwt" {
		t.Errorf("%v, %v", err, alone.header)
	}
	w.Clock.Advance(time.Second)
	if none := w.get(path, bearer, gateway.ProofHeader, "proof-only", "Accept", "application/pdf"); none.status != 200 || !strings.Contains(none.raw, "verification_code") {
		t.Errorf("a paper that was not made: %d %s", none.status, none.raw)
	}
}

// What cannot be signed does not leave, is no release, and uses nothing up.
func TestAnAttestationThatFailsCostsNothing(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Once, consent.GroupQuotientFamilial)
	w.unsigned = true
	if r := w.get(path, bearer, gateway.ProofHeader, "pdf"); r.status != 500 || strings.Contains(r.raw, "4270") || w.last().Outcome != consent.Failed || w.last().Attested() {
		t.Errorf("%d %s, recorded as %s", r.status, r.raw, w.last().Outcome)
	}
	w.unsigned = false
	w.Clock.Advance(time.Second)
	if r := w.prove("proof-only", path, bearer); r.Meta.Code == "" {
		t.Error("the single release was used up")
	}
}

func TestAWithdrawalTakesThePaperWithTheAnswer(t *testing.T) {
	w := newWorld(t)
	i, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	w.upstream.Misbehave(stub.Mischief{Before: func() {
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, i.Grant.ID, consent.Unsaid); err != nil {
			t.Error(err)
		}
	}})
	if r := w.get(path, bearer, gateway.ProofHeader, "pdf"); r.status != 401 || strings.Contains(r.raw, "attestation") || w.last().Attested() {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestAnAttestationOpensNothing(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	signed := w.prove("proof-only", path, bearer).Meta.Signed
	if r := w.get(path, signed); r.status != 401 || r.code() != "00101" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if _, err := token.VerifyAttestation(t.Context(), w.key, issuer, bearer); !errors.Is(err, token.ErrType) {
		t.Errorf("a consent token as an attestation: %v", err)
	}
}
