package consent_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestARightIsDueInOneMonth(t *testing.T) {
	w := consenttest.NewWorld(t)
	r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightErasure, "  effacez tout  ")
	if err != nil {
		t.Fatal(err)
	}
	if r.DueOn.String() != "2026-12-24" || r.State != consent.RightsOpen || r.Message != "effacez tout" {
		t.Errorf("due %s, %s", r.DueOn, r.State)
	}
	if said := fmt.Sprintf("%v %+v %#v", r, r, r); strings.Contains(said, "effacez") {
		t.Errorf("the citizen's words are told: %s", said)
	}
	ledger := w.Memory.Ledger()
	if last := ledger[len(ledger)-1]; last.Kind != consent.EntryRights || last.Ref != r.ID {
		t.Errorf("evidence: %+v", last)
	}
}

func TestWhatCannotBeAskedIsRefusedByName(t *testing.T) {
	w := consenttest.NewWorld(t)
	for _, c := range []struct {
		right   consent.Right
		message string
		field   string
	}{
		{"everything", "", "right"}, {"", "", "right"},
		{consent.RightAccess, strings.Repeat("é", consent.MaxRightsMessage+1), "message"},
	} {
		_, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, c.right, c.message)
		if consent.CodeOf(err) != consent.InvalidRequest || consent.FieldOf(err) != c.field {
			t.Errorf("%s: %v", c.field, err)
		}
	}
	for i := range consent.MaxOpenRights + 1 {
		_, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, strings.Repeat("é", consent.MaxRightsMessage))
		if full := i == consent.MaxOpenRights; full != errors.Is(err, consent.TooMany) {
			t.Errorf("request %d: %v", i, err)
		}
	}
}
