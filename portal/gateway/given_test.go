package gateway_test

import (
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
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
