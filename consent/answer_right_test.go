package consent_test

import (
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

const reply = "Nous avons vérifié votre dossier. Vous pouvez saisir la CNIL."

func TestARequestIsExtendedOnceAndClosedOnce(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	asked, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "tout")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		kind consent.RightsMessageKind
		code consent.Code
	}{
		{consent.RightsNews, ""}, {consent.RightsExtension, ""}, {consent.RightsExtension, consent.InvalidRequest},
		{consent.RightsAnswer, ""}, {consent.RightsNews, consent.RequestClosed}, {consent.RightsRefusal, consent.RequestClosed},
	} {
		w.Clock.Advance(time.Hour)
		if err := w.Service.WriteRight(t.Context(), officer, asked.ID, step.kind, reply); consent.CodeOf(err) != step.code {
			t.Errorf("%s: %v", step.kind, err)
		}
	}
	v, err := w.Service.Right(t.Context(), w.Viewer.Subject, asked.ID)
	if err != nil {
		t.Fatal(err)
	}
	if r := v.Request; r.State != consent.RightsAnswered || r.DueOn != consent.DateOf(asked.AskedAt).AddMonths(3) || r.ExtendedAt.IsZero() || r.ClosedAt.IsZero() {
		t.Errorf("%#v: %s, due %s", r, r.State, r.DueOn)
	}
	if len(v.Messages) != 3 || v.Messages[0].Text != reply || v.Messages[2].Kind != consent.RightsAnswer {
		t.Errorf("%d messages", len(v.Messages))
	}
}

func TestAMonthThatIsOverIsNotExtended(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	asked, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightErasure, "")
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(32 * 24 * time.Hour)
	if !asked.Overdue(w.Clock.Now()) {
		t.Error("not overdue after 32 days")
	}
	if err := w.Service.WriteRight(t.Context(), officer, asked.ID, consent.RightsExtension, reply); consent.FieldOf(err) != "kind" {
		t.Errorf("extended too late: %v", err)
	}
	if err := w.Service.WriteRight(t.Context(), officer, asked.ID, consent.RightsRefusal, reply); err != nil {
		t.Errorf("answered late: %v", err)
	}
}

func TestWhatAnOfficerEntersRunsFromTheDayItCame(t *testing.T) {
	w := consenttest.NewWorld(t)
	platform, l := officer(t, w, consent.RolePlatformDPO)
	today := consent.DateOf(w.Clock.Now())
	came := today.AddMonths(-1)
	r, err := w.Service.EnterRight(t.Context(), platform, l.ID, consent.RightRectification, "par courrier", came)
	if err != nil || r.DueOn != came.AddMonths(1) || r.EnteredBy != platform.ID {
		t.Errorf("due %s, %v", r.DueOn, err)
	}
	for name, c := range map[string]struct {
		right consent.Right
		text  string
		on    consent.Date
		field string
	}{
		"tomorrow":       {consent.RightAccess, "", consent.DateOf(w.Clock.Now().Add(48 * time.Hour)), "received_on"},
		"years ago":      {consent.RightAccess, "", today.AddMonths(-13), "received_on"},
		"no day":         {consent.RightAccess, "", consent.Date{}, "received_on"},
		"unknown right":  {"refund", "", today, "right"},
		"a long message": {consent.RightAccess, strings.Repeat("é", consent.MaxRightsMessage+1), today, "message"},
	} {
		if _, err := w.Service.EnterRight(t.Context(), platform, l.ID, c.right, c.text, c.on); consent.FieldOf(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyThePlatformsOfficerAnswers(t *testing.T) {
	w := consenttest.NewWorld(t)
	asked, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []consent.Role{consent.RoleDPO, consent.RoleOperator, consent.RoleAuditor} {
		agent := w.Agent(t, role)
		_, queue := w.Service.RightsQueue(t.Context(), agent, consent.RightsOpen, consent.RightsRequest{}, 10)
		_, one := w.Service.AnyRight(t.Context(), agent, asked.ID)
		for _, err := range []error{queue, one, w.Service.WriteRight(t.Context(), agent, asked.ID, consent.RightsAnswer, reply)} {
			if consent.CodeOf(err) != consent.RoleNotAllowed {
				t.Errorf("%s: %v", role, err)
			}
		}
	}
	if _, err := w.Service.Right(t.Context(), w.SignIn(t, consenttest.Pierre()), asked.ID); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("another citizen: %v", err)
	}
}
