package gateway_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/gateway"
)

// about gives a consent about an account.
func (w *world) about(account string) string {
	set := consenttest.Set(w.t, "statut_demandeur_emploi")
	p := w.PushOf(w.t, set, "inscription_france_travail")
	p.Parameters = consent.Parameters{"identifiant": account}
	i := w.Issued(w.t, p)
	return w.mint(w.claims(i))
}

func TestAnotherPersonsAccountIsRecordedAndNothingLeaves(t *testing.T) {
	for account, want := range map[string]struct {
		status  int
		outcome consent.Outcome
	}{"angela.dubois": {200, consent.Released}, "marge.simpson": {422, consent.NotIdentified}, "no.account": {422, consent.NotIdentified}} {
		w := newWorld(t)
		r := w.get("/data/v1/statut-demandeur-emploi", w.about(account))
		if r.status != want.status || w.last().Outcome != want.outcome {
			t.Errorf("%s: %d %s, recorded %s", account, r.status, r.raw, w.last().Outcome)
		}
		for _, text := range []string{account, "SIMPSON", "DUBOIS", "2024-09-01"} {
			if strings.Contains(r.raw+w.log.String(), text) {
				t.Errorf("%s: %q is told: %s\n%s", account, text, r.raw, w.log)
			}
		}
	}
}

// A paper about nobody would do for any pupil.
func TestAPaperAboutAPupilNamesThem(t *testing.T) {
	w := newWorld(t)
	set := consenttest.Set(t, "statut_eleve")
	_, bearer := w.allowed(set, "bourse_eleve")
	r := w.raw("/data/v1/statut-eleve", bearer, gateway.ProofHeader, "pdf", "Accept", "application/pdf")
	file := filepath.Join(t.TempDir(), "attestation.pdf")
	if err := os.WriteFile(file, []byte(r.raw), 0o600); err != nil {
		t.Fatal(err)
	}
	text := shell(t, "pdftotext", "-layout", file, "-")
	for _, want := range []string{"MERCIER", "JULIE", "5 mai 2017", "autorité parentale", "Boursier"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed:\n%s", want, text)
		}
	}
	if strings.Contains(text, "personne concernée a accepté") {
		t.Error("it says that the pupil agreed")
	}
}
