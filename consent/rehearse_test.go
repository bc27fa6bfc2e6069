package consent_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestARehearsalTellsEveryFaultAndRecordsNothing(t *testing.T) {
	w := consenttest.NewWorld(t)
	p := w.Push()
	p.RedirectURI += "/"
	p.Details.Purpose, p.Details.Access, p.Details.Groups = "publicite", "forever", []consent.DataGroup{"revenu"}
	got, err := w.Service.Rehearse(t.Context(), p)
	if err != nil || got.Good || len(got.Findings) != 4 {
		t.Fatalf("%+v, %v", got, err)
	}
	fields := map[string]bool{}
	for _, f := range got.Findings {
		if f.Severity != consent.FindingError || f.Code == "" || f.Detail == "" {
			t.Errorf("%+v", f)
		}
		fields[f.Field] = true
	}
	for _, want := range []string{"redirect_uri", "purpose", "access", "datatypes"} {
		if !fields[want] {
			t.Errorf("%s is not told in %v", want, fields)
		}
	}
	foreign := w.Push()
	foreign.Details.Recipient = consenttest.Transports().SIRET
	if got, err := w.Service.Rehearse(t.Context(), foreign); err != nil || got.Good {
		t.Errorf("for another recipient: %+v, %v", got, err)
	}
}

func TestARehearsalOfAGoodRequestGivesAdvice(t *testing.T) {
	w := consenttest.NewWorld(t)
	p := w.Push()
	p.State = ""
	got, err := w.Service.Rehearse(t.Context(), p)
	if err != nil || !got.Good || got.Request.Details.EndsOn.IsZero() {
		t.Fatalf("%+v, %v", got, err)
	}
	fields := map[string]bool{}
	for _, f := range got.Findings {
		fields[f.Field] = f.Severity == consent.FindingAdvice && f.Code == ""
	}
	for _, want := range []string{"datatypes", "expires_at", "state", ""} {
		if !fields[want] {
			t.Errorf("no advice on %q in %v", want, fields)
		}
	}
}
