package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// batches walks the consents of clients three at a time, as a batch does.
func batches(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	all := manyGrants(t, w)
	inTx(t, s, func(tx consent.Tx) error {
		for i, g := range all {
			g.ID = "c-" + g.ID
			if i%2 == 0 {
				g.ID = "C-" + g.ID // bytes order it before, a dictionary does not
			}
			g.Details.Access, g.ConsumedBy = consent.Continuous, ""
			switch i {
			case 5:
				g.Details.Locations = []string{Provider().Provider.Location}
			case 7: // as a paused one: a line of its own would tell that it is another thing
				g.RestrictedAt = Start
			}
			all = append(all, g)
			if err := tx.InsertGrant(background, g); err != nil {
				return err
			}
		}
		return nil
	})
	for name, q := range map[string]consent.ClientGrantQuery{
		"a client's":                   {ClientID: TownHall().ID},
		"another's":                    {ClientID: Transports().ID},
		"for one recipient":            {ClientID: TownHall().ID, Recipient: TownHall().SIRET},
		"for a recipient of another's": {ClientID: TownHall().ID, Recipient: Transports().SIRET},
		"of nobody":                    {ClientID: "nobody"},
	} {
		q.DataType, q.Location, q.At, q.Limit = "quotient_familial", Location, Start.Add(24*time.Hour), 3
		want := map[string]bool{}
		for _, g := range all {
			if q.Holds(g) {
				want[g.ID] = true
			}
		}
		if got := walkBatch(t, s, q); len(got) != len(want) {
			t.Errorf("%s: %v instead of %v", name, got, want)
		} else {
			for _, id := range got {
				if !want[id] {
					t.Errorf("%s: %s is no part of it", name, id)
				}
			}
		}
	}
}

// walkBatch reads to the end, and sees that nothing comes twice.
func walkBatch(t *testing.T, s StoreWithClients, q consent.ClientGrantQuery) (ids []string) {
	for {
		page, err := s.ClientGrants(background, q)
		must(t, err)
		if len(page) == 0 {
			return ids
		}
		for _, g := range page {
			if g.ID <= q.After {
				t.Errorf("%s after %s", g.ID, q.After)
			}
			ids, q.After = append(ids, g.ID), g.ID
		}
	}
}

// batchReference is the file number that a filed request had.
func batchReference(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	r, err := w.Service.FileRequest(background, w.Filing(Angela().Identity))
	must(t, err)
	g, _ := w.Granted(t, w.Push())
	inTx(t, s, func(tx consent.Tx) error {
		filed := g
		filed.ID, filed.RequestID = "filed", r.ID
		return tx.InsertGrant(background, filed)
	})
	page, err := s.ClientGrants(background, consent.ClientGrantQuery{ClientID: w.Client.ID, DataType: "quotient_familial", Location: Location, At: Start, Limit: 9})
	must(t, err)
	got := map[string]string{}
	for _, one := range page {
		got[one.ID] = one.Reference
	}
	same(t, got, map[string]string{g.ID: "", "filed": "2026-117"})
}
