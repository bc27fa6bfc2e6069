package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

func habilitation(t *testing.T, s StoreWithClients) {
	must(t, s.PutClient(background, TownHall()))
	must(t, s.PutClient(background, SoftwareEditor()))
	valbois := Delegated()[0]
	must(t, s.PutDelegation(background, valbois))
	note := func(number string, revoked bool, at time.Duration) (news bool) {
		inTx(t, s, func(tx consent.Tx) (err error) {
			news, err = tx.NoteHabilitation(background, consent.Habilitation{Number: number, Revoked: revoked, FiredAt: Start.Add(at)})
			return err
		})
		return news
	}
	if !note(TownHall().Habilitation, true, 0) || note(TownHall().Habilitation, false, 0) || note(TownHall().Habilitation, false, -time.Second) {
		t.Error("old news count, or new ones do not")
	}
	note(valbois.Habilitation, true, 0)
	c, err := s.Client(background, TownHall().ID)
	must(t, err)
	d, err := s.Delegation(background, valbois.ClientID, valbois.SIRET)
	must(t, err)
	if !c.HabilitationRevoked || !d.HabilitationRevoked {
		t.Errorf("client %v, delegation %v", c.HabilitationRevoked, d.HabilitationRevoked)
	}
	if !note(TownHall().Habilitation, false, time.Second) {
		t.Error("new news do not count")
	}
	c, err = s.Client(background, TownHall().ID)
	must(t, err)
	same(t, c, TownHall())
}

func ending(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.Push())
	other, _ := w.Granted(t, w.Push())
	_, err := w.Service.Withdraw(background, w.Viewer.Subject, other.ID, consent.Unsaid)
	must(t, err)
	at := func(now time.Time, want int) {
		t.Helper()
		list, err := s.EndingGrants(background, now, 10)
		must(t, err)
		if len(list) != want {
			t.Errorf("%d consents end at %s, want %d", len(list), now, want)
		}
	}
	tell := func(what consent.EventType) (told bool) {
		inTx(t, s, func(tx consent.Tx) (err error) {
			told, err = tx.AnnounceGrant(background, g.Subject, g.ID, what)
			return err
		})
		return told
	}
	soon := g.ExpiresAt.Add(-consent.ExpiryNotice)
	at(soon.Add(-time.Second), 0)
	at(soon, 1)
	if !tell(consent.EventExpiring) || tell(consent.EventExpiring) {
		t.Error("told twice, or not at all")
	}
	at(soon, 0)
	at(g.ExpiresAt, 1)
	tell(consent.EventExpired)
	at(g.ExpiresAt, 0)
}
