package consent_test

import (
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestASearchIsNarrowReasonedAndByTheRightRole(t *testing.T) {
	w := consenttest.NewWorld(t)
	platform, auditor := w.Agent(t, consent.RolePlatformDPO), w.Agent(t, consent.RoleAuditor)
	named := consent.PersonSearch{FamilyName: "MARTIN", Birthdate: "1987-06-27"}
	for name, c := range map[string]struct {
		agent  consent.Agent
		search consent.PersonSearch
		reason string
		code   consent.Code
		field  string
	}{
		"a name alone":       {platform, consent.PersonSearch{FamilyName: "MARTIN"}, "demande du 3 mars", consent.InvalidRequest, "birthdate"},
		"a malformed date":   {platform, consent.PersonSearch{FamilyName: "MARTIN", Birthdate: "27/06/1987"}, "demande du 3 mars", consent.InvalidRequest, "birthdate"},
		"a birth date alone": {platform, consent.PersonSearch{Birthdate: "1987-06-27", FamilyName: " - "}, "demande du 3 mars", consent.InvalidRequest, "family_name"},
		"no reason":          {platform, named, "   ", consent.InvalidRequest, "reason"},
		"an auditor":         {auditor, named, "demande du 3 mars", consent.RoleNotAllowed, ""},
	} {
		_, err := w.Service.FindPerson(t.Context(), c.agent, c.search, c.reason)
		if consent.CodeOf(err) != c.code || consent.FieldOf(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if seen, err := w.Service.Lookups(t.Context(), platform, "", 10); err != nil || len(seen) != 0 {
		t.Errorf("refused before anybody was searched, recorded %d, %v", len(seen), err)
	}
}

func TestALookUpOpensItsPersonToItsAgentForADay(t *testing.T) {
	w := consenttest.NewWorld(t)
	platform, own := w.Agent(t, consent.RolePlatformDPO), w.Agent(t, consent.RoleDPO)
	who := consenttest.Angela().Identity
	l, err := w.Service.FindPerson(t.Context(), platform, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "demande du 3 mars")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.Service.LookedUp(t.Context(), platform, l.ID); err != nil || got.Subject != w.Viewer.Subject {
		t.Errorf("its agent: %v", err)
	}
	if _, err := w.Service.LookedUp(t.Context(), own, l.ID); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("another agent: %v", err)
	}
	w.Clock.Advance(24 * time.Hour)
	if _, err := w.Service.LookedUp(t.Context(), platform, l.ID); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("a day later: %v", err)
	}
}

func TestAPersonIsToldApartFromAnyNumberOfNamesakes(t *testing.T) {
	w := consenttest.NewWorld(t)
	agent := w.Agent(t, consent.RolePlatformDPO)
	called := func(n int) string { return "Pierre " + string(rune('a'+n/26)) + string(rune('a'+n%26)) }
	const persons = 130 // more than are read at once
	subjects := make([]consent.SubjectID, persons)
	for n := range subjects {
		in := consenttest.Pierre()
		in.Subject, in.Identity.GivenNames = called(n), []string{called(n)}
		subjects[n] = w.SignIn(t, in)
	}
	who := consenttest.Pierre().Identity
	for n, subject := range subjects {
		search := consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate, GivenName: called(n)}
		if got, err := w.Service.FindPerson(t.Context(), agent, search, "demande du 3 mars"); err != nil || got.Subject != subject {
			t.Errorf("%s: %q, %v", called(n), got.Subject, err)
		}
	}
}
