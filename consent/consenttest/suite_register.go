package consenttest

import (
	"testing"

	"portail.example/consent"
)

// registerContract is about the register and its figures.
var registerContract = []clause{
	{"those who may receive data are listed by SIRET, page by page", recipients},
	{"what an authority did is counted by month, purpose and data group", counted},
	{"calls are counted by day, at night and after withdrawals", calledDays},
}

func recipients(t *testing.T, s StoreWithClients) {
	NewWorldOn(t, s)
	twice := Delegated()[0]
	twice.SIRET = TownHall().SIRET // by an editor too
	must(t, s.PutDelegation(background, twice))
	want := []consent.Party{
		{ClientID: SoftwareEditor().ID, Recipient: TownHall().SIRET}, {ClientID: TownHall().ID, Recipient: TownHall().SIRET},
		{ClientID: Transports().ID, Recipient: Transports().SIRET},
		{ClientID: SoftwareEditor().ID, Recipient: Delegated()[0].SIRET}, {ClientID: SoftwareEditor().ID, Recipient: Delegated()[1].SIRET},
	}
	var all []consent.Party
	for after := (consent.Party{}); ; {
		page, err := s.Recipients(background, "", after, 2)
		must(t, err)
		if len(page) == 0 {
			break
		}
		all, after = append(all, page...), page[len(page)-1]
	}
	same(t, all, want)
	own, err := s.Recipients(background, TownHall().SIRET, consent.Party{}, 10)
	must(t, err)
	same(t, own, want[:2])
	none, err := s.Recipients(background, Provider().SIRET, consent.Party{}, 10)
	must(t, err)
	if len(none) != 0 {
		t.Errorf("a data provider receives nothing, and is listed: %v", none)
	}
}
