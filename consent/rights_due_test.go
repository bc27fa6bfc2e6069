package consent_test

import (
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestARefusalTellsHowToComplain(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	asked, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightErasure, "")
	if err != nil {
		t.Fatal(err)
	}
	silent := strings.ReplaceAll(reply, "CNIL", "justice")
	if err := w.Service.WriteRight(t.Context(), officer, asked.ID, consent.RightsRefusal, silent); consent.FieldOf(err) != "text" {
		t.Errorf("a refusal without it: %v", err)
	}
	if err := w.Service.WriteRight(t.Context(), officer, asked.ID, consent.RightsAnswer, silent); err != nil {
		t.Errorf("an answer without it: %v", err)
	}
}

func TestDaysAreCountedAsPeopleDo(t *testing.T) {
	asked := time.Date(2026, 10, 24, 21, 30, 0, 0, time.UTC) // 23:30 in Paris, the eve of a day of 25 hours
	r := consent.RightsRequest{State: consent.RightsOpen, AskedAt: asked, DueOn: consent.DateOf(asked).AddMonths(1)}
	for _, c := range []struct {
		at          time.Time
		left, taken int
		overdue     bool
	}{
		{asked, 31, 0, false},
		{asked.Add(time.Hour), 30, 1, false}, // another day in Paris
		{asked.AddDate(0, 1, 0), 0, 31, false},
		{asked.AddDate(0, 1, 2), -2, 33, true},
	} {
		if r.DaysLeft(c.at) != c.left || r.DaysTaken(c.at) != c.taken || r.Overdue(c.at) != c.overdue || r.MayExtend(c.at) == c.overdue {
			t.Errorf("%s: %d left, %d taken", c.at, r.DaysLeft(c.at), r.DaysTaken(c.at))
		}
	}
	r.ClosedAt = asked.Add(48 * time.Hour)
	if days := r.DaysTaken(asked.AddDate(1, 0, 0)); days != 2 {
		t.Errorf("closed after %d days", days)
	}
}

// More lines than one page, and none of them says whose it is.
func TestTheRegisterHasEveryRequestOnceAndNobodysName(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	for range 1001 {
		r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "mes mots")
		if err == nil {
			err = w.Service.WriteRight(t.Context(), officer, r.ID, consent.RightsAnswer, reply)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Second)
	}
	seen := map[string]bool{}
	err := w.Service.EachRight(t.Context(), officer, func(r consent.RightsRequest) error {
		if seen[r.ID] = true; r.Subject != "" || r.Message != "" {
			t.Errorf("%s, %q", r.Subject, r.Message)
		}
		return nil
	})
	if err != nil || len(seen) != 1001 {
		t.Errorf("%d lines, %v", len(seen), err)
	}
	if err := w.Service.EachRight(t.Context(), w.Agent(t, consent.RoleDPO), nil); consent.CodeOf(err) != consent.RoleNotAllowed {
		t.Errorf("an authority's officer: %v", err)
	}
}
