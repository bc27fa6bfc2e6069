package dpo_test

import (
	"net/http"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// Each officer reads who consulted at their own administration, and nobody else does.
func TestWhoConsultedIsForTheOwnOfficer(t *testing.T) {
	w := newWorld(t)
	call := w.Call(w.Issued(t, w.Push()))
	for _, by := range []consent.ConsultedBy{{Agent: "agent-4812", Service: "cantine"}, {}} {
		call.By = by
		if _, err := w.Service.AuthorizeAccess(t.Context(), call); err != nil {
			t.Fatal(err)
		}
	}
	own, _ := w.as(consenttest.AgentOf(w.Invited(t, consent.RoleDPO)))
	got := own.Get(w.base + "/dpo/consultations.csv")
	if got.Status != http.StatusOK || strings.Count(got.Body, "\r\n") != 2 || !strings.Contains(got.Body, ";agent-4812;cantine;"+call.GrantID+";") || strings.Contains(got.Body, "DUBOIS") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	platform, _ := w.as(consenttest.AgentOf(w.Invited(t, consent.RolePlatformDPO)))
	if got := platform.Get(w.base + "/dpo/consultations.csv"); got.Status != http.StatusForbidden || strings.Contains(got.Body, "agent-4812") {
		t.Errorf("the portal's officer: %d", got.Status)
	}
}
