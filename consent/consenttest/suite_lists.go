package consenttest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"portail.example/consent"
)

// manyGrants are consents of one citizen, made an hour apart but for two made
// together, in every state; g-00 is the oldest and the last to end.
func manyGrants(t *testing.T, w *World) (all []consent.Grant) {
	first, _ := w.Granted(t, w.PushOnce())
	inTx(t, w.Store, func(tx consent.Tx) error {
		all = nil
		for i := range 11 {
			g := first
			g.ID = fmt.Sprintf("g-%02d", i)
			g.CreatedAt = Start.Add(time.Duration(max(i, 1)) * time.Hour)
			g.ExpiresAt = Start.Add(time.Duration(100-i) * 24 * time.Hour)
			switch i {
			case 2:
				g.Status, g.WithdrawnAt = consent.GrantTakenBack, Start
			case 4:
				g.Status, g.PausedAt = consent.GrantPaused, Start
			case 6:
				g.ConsumedBy = "an-access"
			case 8:
				g.ExpiresAt = g.CreatedAt.Add(time.Second)
			case 10:
				g.ClientID, g.Details.Recipient = Transports().ID, Transports().SIRET
			}
			all = append(all, g)
			if err := tx.InsertGrant(background, g); err != nil {
				return err
			}
		}
		return nil
	})
	return append(all, first)
}

func grantPages(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	all := manyGrants(t, w)
	at := Start.Add(24 * time.Hour)
	for name, q := range map[string]consent.GrantQuery{
		"open":                   {},
		"by end":                 {ByEnd: true},
		"over":                   {Over: true},
		"all":                    {All: true},
		"over, by end":           {Over: true, ByEnd: true},
		"of one administration":  {Party: consent.Party{ClientID: Transports().ID}},
		"for one recipient":      {Party: consent.Party{ClientID: TownHall().ID, Recipient: TownHall().SIRET}},
		"for another's":          {Party: consent.Party{ClientID: TownHall().ID, Recipient: Transports().SIRET}},
		"that end before a date": {Until: Start.Add(95 * 24 * time.Hour), ByEnd: true},
	} {
		q.Subject, q.At = w.Viewer.Subject, at
		var want []string
		for _, g := range all {
			if q.Holds(g) {
				want = append(want, g.ID)
			}
		}
		forth, back := walk(t, s, q)
		same(t, slices.Sorted(slices.Values(forth)), slices.Sorted(slices.Values(want)))
		if len(forth) > 1 {
			same(t, back, forth[:len(forth)-1])
		}
		n, err := s.CountGrants(background, q, 3)
		must(t, err)
		if n != min(3, len(want)) {
			t.Errorf("%s: counted %d up to 3 of %d", name, n, len(want))
		}
	}
}

// walk reads a list two at a time to its end, then from its end to its start.
func walk(t *testing.T, s StoreWithClients, q consent.GrantQuery) (forth, back []string) {
	q.Limit = 2
	for {
		page, err := s.Grants(background, q)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, g := range page {
			forth = append(forth, g.ID)
		}
		q.From = page[len(page)-1]
	}
	q.Back = true
	for q.From.ID != "" {
		page, err := s.Grants(background, q)
		must(t, err)
		if len(page) == 0 {
			break
		}
		var ids []string
		for _, g := range page {
			ids = append(ids, g.ID)
		}
		back, q.From = append(ids, back...), page[0]
	}
	return forth, back
}

func citizensParties(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	w.Granted(t, w.Push())
	w.IssuedFor(t, w.PushFor(Delegated()[0]))
	got, err := s.Parties(background, w.Viewer.Subject)
	must(t, err)
	same(t, got, []consent.Party{{ClientID: SoftwareEditor().ID, Recipient: Delegated()[0].SIRET}, {ClientID: TownHall().ID}})
	others, err := s.Parties(background, w.SignIn(t, Pierre()))
	must(t, err)
	if len(others) != 0 {
		t.Errorf("another citizen has %v", others)
	}
}
