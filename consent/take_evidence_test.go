package consent_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// Taking the file of the evidence away is evidence itself.
func TestTakingTheEvidenceAwayIsRecorded(t *testing.T) {
	w := consenttest.NewWorld(t)
	for _, role := range []consent.Role{consent.RoleOperator, consent.RoleDPO} {
		if err := w.Service.TakeEvidence(t.Context(), w.Agent(t, role)); consent.CodeOf(err) != consent.RoleNotAllowed {
			t.Errorf("%s: %v", role, err)
		}
	}
	auditor := w.Agent(t, consent.RoleAuditor)
	if err := w.Service.TakeEvidence(t.Context(), auditor); err != nil {
		t.Fatal(err)
	}
	entries := w.Memory.Ledger()
	last := entries[len(entries)-1]
	if last.Kind != consent.EntryEvidenceTaken || last.Ref != string(auditor.ID) || last.Subject != "" {
		t.Errorf("%+v", last)
	}
}

// A kind that is not listed could not be looked for.
func TestEveryKindOfEntryIsListed(t *testing.T) {
	source, err := os.ReadFile("evidence.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []consent.EntryKind
	for _, found := range regexp.MustCompile(`EntryKind = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		declared = append(declared, consent.EntryKind(found[1]))
	}
	listed := consent.EntryKinds()
	slices.Sort(declared)
	slices.Sort(listed)
	if !slices.Equal(declared, listed) {
		t.Errorf("declared %v\nlisted %v", declared, listed)
	}
}
