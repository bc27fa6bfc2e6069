package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What a family did is in the tree a second later, signed, and an auditor with the
// public key alone finds it intact.
func TestTheStoryIsEvidence(t *testing.T) {
	j := newJourney(t)
	access, _ := j.token("marge")
	j.get("/data/v1/quotient-familial?annee=2026&mois=9", access)
	checkpoint := j.text("/ledger/checkpoint")
	for tries := 0; tries < 100 && !strings.Contains(checkpoint, "/ledger\n"); tries++ {
		time.Sleep(100 * time.Millisecond) // the sequencer has a clock of its own
		checkpoint = j.text("/ledger/checkpoint")
	}
	key := strings.TrimSpace(j.text("/ledger/key"))
	report, err := j.Portal.DB.VerifyLedger(t.Context(), key, []string{checkpoint}, time.Now(), nil)
	if err != nil || report.Entries+report.Waiting < 5 || report.Entries == 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// text is an answer that is neither a page nor JSON.
func (j *journey) text(path string) string {
	j.t.Helper()
	response, err := http.Get(j.PortalURL + path)
	if err != nil {
		j.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		j.t.Fatal(err)
	}
	return string(raw)
}
