package consent_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// printed are the lines of a paper.
var printed = []string{"novembre 2026", "CNAF", "4\u00a0270", "DUBOIS Angela, 24 août 1962, F", "1\u00a0250,50\u00a0€"}

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	for range 200 {
		code := consent.NewAttestationCode()
		paper := code.Printed()
		if len(paper) != 24 || strings.ContainsAny(paper, "ILOU") {
			t.Fatalf("printed as %s", paper)
		}
		for _, typed := range []string{
			paper, strings.ToLower(paper), strings.ReplaceAll(paper, "-", ""), strings.ReplaceAll(paper, "-", " "), " " + paper + "\u00a0",
			strings.NewReplacer("0", "o", "1", "l", "-", "–").Replace(paper), strings.NewReplacer("0", "O", "1", "I", "2", "٢").Replace(paper),
		} {
			if read, ok := consent.ParseAttestationCode(typed); !ok || read != code {
				t.Errorf("%q is not read as %s", typed, paper)
			}
		}
	}
}

// Every wrong character, and any two that changed places, are told before anything is
// looked up.
func TestMistakesOfTypingAreFound(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	paper := []byte(strings.ReplaceAll(consent.NewAttestationCode().Printed(), "-", ""))
	misread := func(typed []byte) {
		if _, ok := consent.ParseAttestationCode(string(typed)); ok {
			t.Errorf("%s is read for %s", typed, paper)
		}
	}
	for i := range paper {
		for _, other := range []byte(alphabet) {
			if other != paper[i] {
				wrong := slices.Clone(paper)
				wrong[i] = other
				misread(wrong)
			}
		}
		for j := range i {
			if paper[i] != paper[j] {
				wrong := slices.Clone(paper)
				wrong[i], wrong[j] = wrong[j], wrong[i]
				misread(wrong)
			}
		}
	}
	for _, typed := range []string{"", "-", string(paper[1:]), string(paper) + "0", "é" + string(paper[1:]), "U" + string(paper[1:])} {
		misread([]byte(typed))
	}
}

func TestACodeIsNotGuessedNorLogged(t *testing.T) {
	seen := map[consent.AttestationCode]bool{}
	for range 1000 {
		code := consent.NewAttestationCode()
		if seen[code] {
			t.Fatal("drawn twice")
		}
		seen[code] = true
		if said := fmt.Sprintf("%v %s", code, code); strings.Contains(said, string(code)) {
			t.Fatalf("a log would say %s", said)
		}
	}
}

// attested is a release with a paper.
func attested(t *testing.T, w *consenttest.World, lines []string) (consent.AttestationCode, consent.Access) {
	t.Helper()
	call := w.Call(w.Issued(t, w.Push()))
	call.Attest = true
	open, err := w.Service.AuthorizeAccess(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if open.Client.ID != w.Client.ID {
		t.Errorf("the paper is for %q", open.Client.LegalName)
	}
	code := consent.NewAttestationCode()
	open.Access.Attestation = code.Attest(consenttest.Paper(lines...))
	if err := w.Service.CompleteAccess(t.Context(), open.Access, consent.Released, ""); err != nil {
		t.Fatal(err)
	}
	return code, open.Access
}

func TestAPaperSaysWhatWasReleasedOrNot(t *testing.T) {
	w := consenttest.NewWorld(t)
	code, access := attested(t, w, printed)
	other, _ := attested(t, w, []string{"octobre 2026", "CNAF", "9999"})
	cases := map[string]struct {
		code  string
		lines map[int]string
		want  consent.AttestationVerdict
	}{
		"as printed":               {code.Printed(), map[int]string{1: printed[0], 2: printed[1], 3: printed[2], 4: printed[3], 5: printed[4]}, consent.Agrees},
		"one line is enough":       {code.Printed(), map[int]string{3: "4270"}, consent.Agrees},
		"case, marks and spaces":   {code.Printed(), map[int]string{1: "NOVEMBRE  2026.", 4: "dubois angela 24 aout 1962 f", 5: "1 250.50"}, consent.Agrees},
		"Arabic digits":            {code.Printed(), map[int]string{3: "٤٢٧٠"}, consent.Agrees},
		"another amount":           {code.Printed(), map[int]string{1: "novembre 2026", 3: "427"}, consent.Differs},
		"another month":            {code.Printed(), map[int]string{1: "décembre 2026", 3: "4270"}, consent.Differs},
		"decimals moved":           {code.Printed(), map[int]string{5: "12505,0"}, consent.Differs},
		"the line of another line": {code.Printed(), map[int]string{2: "4270"}, consent.Differs},
		"the line of another":      {code.Printed(), map[int]string{3: "9999"}, consent.Differs},
		"a line there is not":      {code.Printed(), map[int]string{6: ""}, consent.Differs},
		"a number there is not":    {code.Printed(), map[int]string{33: "4270"}, consent.Differs},
		"a number below one":       {code.Printed(), map[int]string{0: "4270", -1: "4270"}, consent.Differs},
		"no line":                  {code.Printed(), nil, consent.Differs},
		"the code of another":      {other.Printed(), map[int]string{3: "4270"}, consent.Differs},
		"no such code":             {consent.NewAttestationCode().Printed(), map[int]string{3: "4270"}, consent.Unknown},
		"no code at all":           {"4270", map[int]string{3: "4270"}, consent.Mistyped},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := w.Service.CheckAttestation(t.Context(), consent.Typed{Code: c.code, Lines: c.lines, Names: consenttest.PaperNames})
			if err != nil || got.Verdict != c.want {
				t.Fatalf("%s, %v", got.Verdict, err)
			}
			if told := got.Client.LegalName != "" || got.Access.ID != ""; told != (c.want == consent.Agrees) || told && got.Access.ID != access.ID {
				t.Errorf("told %+v", got)
			}
		})
	}
}

// Whoever changes the names beside two answers, and not the answers, is told by the names
// they were made under.
func TestALineIsTheAnswerToItsOwnQuestion(t *testing.T) {
	w := consenttest.NewWorld(t)
	code := consent.NewAttestationCode()
	call := w.Call(w.Issued(t, w.Push()))
	call.Attest = true
	open, err := w.Service.AuthorizeAccess(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	open.Access.Attestation = code.Attest([]consent.PrintedLine{{Name: "Est boursier", Value: "non"}, {Name: "Est radié", Value: "oui"}})
	if err := w.Service.CompleteAccess(t.Context(), open.Access, consent.Released, ""); err != nil {
		t.Fatal(err)
	}
	check := func(names ...string) consent.AttestationAnswer {
		got, err := w.Service.CheckAttestation(t.Context(), consent.Typed{Code: code.Printed(), Lines: map[int]string{1: "non", 2: "oui"}, Names: func(consent.DataSet) []string { return names }})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := check("Est radié", "Est boursier"); got.Verdict != consent.Agrees || !slices.Equal(got.Right, []consent.ReadLine{{Number: 1, Name: "Est boursier"}, {Number: 2, Name: "Est radié"}}) {
		t.Errorf("%+v", got)
	}
	if got := check("Est radié"); got.Verdict != consent.Differs || !slices.Equal(got.Wrong, []int{1}) {
		t.Errorf("a value under no name of its own: %+v", got)
	}
}

// Without the code, who has the database can try no value.
func TestWhatIsKeptOfAPaperSaysNothing(t *testing.T) {
	one, two := consent.NewAttestationCode().Attest(consenttest.Paper(printed...)), consent.NewAttestationCode().Attest(consenttest.Paper(printed[:1]...))
	if len(one.Lines) != len(two.Lines) || slices.Equal(one.Lines[:8], two.Lines[:8]) || one.Code == two.Code {
		t.Error("papers that say the same look alike, or their length tells how much they say")
	}
	long := make([]string, consent.AttestationLines+5)
	if kept := consent.NewAttestationCode().Attest(consenttest.Paper(long...)); len(kept.Lines) != len(one.Lines) {
		t.Error("a long paper shows")
	}
}

// A withdrawal while the provider answers takes the paper with the answer; a failure
// has none; and a withdrawal afterwards is no business of the paper's reader.
func TestAPaperIsOfAReleaseAlone(t *testing.T) {
	w := consenttest.NewWorld(t)
	code, access := attested(t, w, printed)
	for _, end := range []consent.Outcome{consent.Failed, consent.Released} {
		issued := w.Issued(t, w.Push())
		open, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Unsaid); err != nil {
			t.Fatal(err)
		}
		lost := consent.NewAttestationCode()
		open.Access.Attestation = lost.Attest(consenttest.Paper(printed...))
		if err := w.Service.CompleteAccess(t.Context(), open.Access, end, ""); (err == nil) != (end == consent.Failed) {
			t.Errorf("%s: %v", end, err)
		}
		if got, err := w.Service.CheckAttestation(t.Context(), consent.Typed{Code: lost.Printed(), Lines: map[int]string{3: "4270"}, Names: consenttest.PaperNames}); err != nil || got.Verdict != consent.Unknown {
			t.Errorf("%s: %s, %v", end, got.Verdict, err)
		}
	}
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, access.GrantID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Service.CheckAttestation(t.Context(), consent.Typed{Code: code.Printed(), Lines: map[int]string{3: "4270"}, Names: consenttest.PaperNames}); err != nil || got.Verdict != consent.Agrees {
		t.Errorf("after a withdrawal: %s, %v", got.Verdict, err)
	}
}

// A request that was filed for a person names the administration's file; the paper goes
// into it.
func TestAPaperNamesTheFileOfItsRequest(t *testing.T) {
	w := consenttest.NewWorld(t)
	r := file(t, w, consenttest.Angela().Identity)
	w.SignIn(t, consenttest.Angela())
	r, err := w.Service.Identify(t.Context(), r.ID, w.Viewer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.Decide(t.Context(), w.Allow(r)); err != nil {
		t.Fatal(err)
	}
	issued, err := poll(w, t, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, attest := range []bool{true, false} {
		call := w.Call(issued)
		call.Attest = attest
		open, err := w.Service.AuthorizeAccess(t.Context(), call)
		if err != nil || (open.Reference == "2026-117") != attest || (open.Client.ID != "") != attest {
			t.Errorf("attested %v: file %q of %q, %v", attest, open.Reference, open.Client.LegalName, err)
		}
	}
}
