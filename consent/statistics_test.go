package consent_test

import (
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestStatisticsAreOfMonthsThatAreOver(t *testing.T) {
	w := consenttest.NewWorld(t)
	auditor := w.Agent(t, consent.RoleAuditor)
	month := func(year int, m time.Month) consent.Period { return consent.Period{Year: year, Month: m} }
	last, first := month(2026, time.October), month(2023, time.November)
	for name, c := range map[string]struct {
		span   consent.Span
		months int
		field  string
	}{
		"the last twelve":         {consent.Span{}, 12, ""},
		"all that is kept":        {consent.Span{First: first, Last: last}, 36, ""},
		"one":                     {consent.Span{First: last, Last: last}, 1, ""},
		"twelve to a month":       {consent.Span{Last: month(2026, time.March)}, 12, ""},
		"to a month near the end": {consent.Span{Last: month(2024, time.January)}, 3, ""},
		"one under way":           {consent.Span{Last: month(2026, time.November)}, 0, "to"},
		"one before what is kept": {consent.Span{First: month(2023, time.October)}, 0, "from"},
		"out of order":            {consent.Span{First: last, Last: month(2026, time.May)}, 0, "to"},
	} {
		got, err := w.Service.Statistics(t.Context(), auditor, consenttest.TownHall().SIRET, c.span)
		if len(got.Months) != c.months || consent.FieldOf(err) != c.field || (err != nil) != (c.field != "") {
			t.Errorf("%s: %v %v", name, got.Months, err)
		}
	}
}

func TestStatisticsAreOfTheAgentsAuthority(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer, operator := w.Agent(t, consent.RoleDPO), w.Agent(t, consent.RoleOperator)
	for name, c := range map[string]struct {
		by        consent.Agent
		authority consent.SIRET
		want      consent.Code
	}{
		"their own":         {officer, consenttest.TownHall().SIRET, ""},
		"another's":         {officer, consenttest.Transports().SIRET, consent.OtherAuthority},
		"nobody's":          {officer, "", consent.OtherAuthority},
		"any":               {operator, consenttest.Transports().SIRET, ""},
		"an editor's":       {operator, consenttest.Delegated()[0].SIRET, ""},
		"not a recipient's": {operator, consenttest.Provider().SIRET, consent.NotFound},
		"of no role":        {consent.Agent{}, consenttest.TownHall().SIRET, consent.RoleNotAllowed},
	} {
		if _, err := w.Service.Statistics(t.Context(), c.by, c.authority, consent.Span{}); consent.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for by, want := range map[*consent.Agent]int{&officer: 1, &operator: 4} {
		n := 0
		err := w.Service.EachStatistics(t.Context(), *by, consent.Span{}, func(consent.Statistics) error { n++; return nil })
		if err != nil || n != want {
			t.Errorf("%s: %d authorities, %v", by.Role, n, err)
		}
	}
}

// An authority that is registered twice is judged and counted once.
func TestAnAuthorityWithTwoRegistrations(t *testing.T) {
	w := consenttest.NewWorld(t)
	twice := consenttest.Delegated()[0]
	twice.SIRET = consenttest.TownHall().SIRET
	if err := w.Memory.PutDelegation(t.Context(), twice); err != nil {
		t.Fatal(err)
	}
	issued := w.Issued(t, w.Push())
	if _, err := w.Service.Withdraw(t.Context(), issued.Grant.Subject, issued.Grant.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued)); consent.CodeOf(err) != consent.GrantWithdrawn {
		t.Fatal(err)
	}
	officer := w.Agent(t, consent.RoleDPO)
	n, err := w.Service.CountUnusual(t.Context(), officer)
	if err != nil || n != 1 {
		t.Errorf("%d unusual: %v", n, err)
	}
	counted := 0
	err = w.Service.EachStatistics(t.Context(), officer, consent.Span{}, func(consent.Statistics) error { counted++; return nil })
	if err != nil || counted != 1 {
		t.Errorf("%d counted: %v", counted, err)
	}
}
