package consenttest

import (
	"slices"
	"testing"

	"portail.example/consent"
)

// search: an officer finds a person by name and birth date or by a number, never one
// of several, and only among those the authority asked. Each search is recorded.
func search(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, r := w.Granted(t, w.Push())
	elsewhere := w.Push()
	elsewhere.Client, elsewhere.RedirectURI, elsewhere.Details = Transports(), Transports().RedirectURIs[0], *Transports().Default
	elsewhere.Details.EndsOn = w.Push().Details.EndsOn
	theirs, theirRequest := w.Granted(t, elsewhere)
	answers, err := s.Decisions(background, g.Subject, consent.Decision{}, 10)
	must(t, err)
	answerTo := map[string]string{}
	for _, d := range answers {
		answerTo[d.RequestID] = d.ID
	}
	twin := Pierre()
	twin.Identity.GivenNames, twin.Subject = []string{"Zoé"}, "zoe-at-franceconnect"
	pierre, zoe := w.SignIn(t, Pierre()), w.SignIn(t, twin)
	namesakes, err := s.SubjectsNamed(background, consent.SearchKey("MARTIN", twin.Identity.Birthdate), "", 10)
	must(t, err)
	next, err := s.SubjectsNamed(background, consent.SearchKey("MARTIN", twin.Identity.Birthdate), namesakes[0], 10)
	must(t, err)
	same(t, next, namesakes[1:])
	same(t, slices.Sorted(slices.Values([]consent.SubjectID{pierre, zoe})), namesakes)
	who, other := Angela().Identity, Pierre().Identity
	platform, own := w.Agent(t, consent.RolePlatformDPO), w.Agent(t, consent.RoleDPO)
	cases := map[string]struct {
		officer consent.Agent
		search  consent.PersonSearch
		want    consent.SubjectID
		code    consent.Code
	}{
		"by consent":       {platform, consent.PersonSearch{Number: g.ID}, g.Subject, ""},
		"by request":       {own, consent.PersonSearch{Number: r.ID}, g.Subject, ""},
		"by answer":        {own, consent.PersonSearch{Number: answerTo[r.ID]}, g.Subject, ""},
		"their consent":    {own, consent.PersonSearch{Number: theirs.ID}, "", consent.NotFound},
		"their request":    {own, consent.PersonSearch{Number: theirRequest.ID}, "", consent.NotFound},
		"their answer":     {own, consent.PersonSearch{Number: answerTo[theirRequest.ID]}, "", consent.NotFound},
		"anybody's answer": {platform, consent.PersonSearch{Number: answerTo[theirRequest.ID]}, g.Subject, ""},
		"by name":          {own, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, g.Subject, ""},
		"namesakes":        {platform, consent.PersonSearch{FamilyName: other.FamilyName, Birthdate: other.Birthdate}, "", consent.Namesakes},
		"told apart":       {platform, consent.PersonSearch{FamilyName: "martin", Birthdate: other.Birthdate, GivenName: "zoe"}, zoe, ""},
		"the other one":    {platform, consent.PersonSearch{FamilyName: "Martin", Birthdate: other.Birthdate, GivenName: "Pierre"}, pierre, ""},
		"other birthplace": {platform, consent.PersonSearch{FamilyName: "Martin", Birthdate: other.Birthdate, GivenName: "Pierre", Birthplace: "75101"}, "", consent.NotFound},
		"never asked":      {own, consent.PersonSearch{FamilyName: "Martin", Birthdate: other.Birthdate, GivenName: "Pierre"}, "", consent.NotFound},
		"unknown number":   {platform, consent.PersonSearch{Number: consent.NewID()}, "", consent.NotFound},
	}
	for name, c := range cases {
		got, err := w.Service.FindPerson(background, c.officer, c.search, "demande d’accès reçue ce jour")
		if got.Subject != c.want || consent.CodeOf(err) != c.code {
			t.Errorf("%s: %q, %v", name, got.Subject, err)
		}
		if again, err := s.Lookup(background, c.officer.ID, got.ID); err != nil || again.Subject != c.want {
			t.Errorf("%s: recorded as %q, %v", name, again.Subject, err)
		}
	}
	recorded, err := s.Lookups(background, "", 100)
	must(t, err)
	if len(recorded) != len(cases) {
		t.Errorf("%d searches recorded of %d", len(recorded), len(cases))
	}
}
