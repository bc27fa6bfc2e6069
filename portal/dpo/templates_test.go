package dpo_test

import (
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/portal/dpo"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// pages are the structs of this room's templates.
func pages(base web.Page) map[string]any {
	return map[string]any{
		"dpo/start": &dpo.StartPage{Page: base}, "dpo/home": &dpo.HomePage{Page: base}, "dpo/signed_out": &dpo.SignedOutPage{Page: base},
		"dpo/people": &dpo.PeoplePage{Page: base}, "dpo/person": &dpo.PersonPage{Page: base}, "dpo/reports": &dpo.ReportsPage{Page: base},
		"dpo/refused": &dpo.RefusedPage{Page: base}, "dpo/agents": &dpo.AgentsPage{Page: base}, "dpo/revoke": &dpo.RevokePage{Page: base},
		"dpo/lookups": &dpo.LookupsPage{Page: base}, "dpo/register": &dpo.RegisterPage{Page: base},
		"dpo/statistics": &dpo.StatisticsPage{Page: base}, "dpo/authorities": &dpo.AuthoritiesPage{Page: base}, "dpo/alerts": &dpo.AlertsPage{Page: base},
		"dpo/rights": &dpo.RightsPage{Page: base}, "dpo/right": &dpo.RightPage{Page: base}, "dpo/enter": &dpo.EnterPage{Page: base}, "dpo/holds": &dpo.HoldsPage{Page: base}, "dpo/measures": &dpo.MeasuresPage{Page: base},
		"dpo/evidence": &dpo.EvidencePage{Page: base}, "dpo/checkpoints": &dpo.CheckpointsPage{Page: base}, "dpo/consistency": &dpo.ConsistencyPage{Page: base},
		"dpo/entries": &dpo.EntriesPage{Page: base}, "dpo/entry": &dpo.EntryPage{Page: base},
		"dpo/erasures": &dpo.ErasuresPage{Page: base}, "dpo/erasure": &dpo.ErasurePage{Page: base},
	}
}

func TestTemplatesAndTheirStructs(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	webtest.CheckTemplates(t, site, "dpo", pages(webtest.Base(t, site, "dpo.start.title")))
}
