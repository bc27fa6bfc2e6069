package consenttest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"portail.example/consent"
)

func oneTime(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	p := w.Push()
	p.Details.Access = consent.Once
	g, r := w.Granted(t, p)
	code := w.Code(t, r)
	once := func(name string, do func(consent.Tx) (bool, error)) {
		for i, want := range []bool{true, false} {
			inTx(t, s, func(tx consent.Tx) error {
				got, err := do(tx)
				if got != want {
					t.Errorf("%s, time %d: %v", name, i+1, got)
				}
				return err
			})
		}
	}
	inTx(t, s, func(tx consent.Tx) error { return tx.InsertFamily(background, "family", g, Start) })
	refresh := consent.RefreshToken{Hash: consent.HashOf("r"), Family: "family", GrantID: g.ID, Subject: g.Subject, ClientID: g.ClientID, ExpiresAt: g.ExpiresAt}
	inTx(t, s, func(tx consent.Tx) error { return tx.InsertRefreshToken(background, refresh) })
	once("code", func(tx consent.Tx) (bool, error) {
		return tx.UseCode(background, consent.AuthorizationCode{Hash: consent.HashOf(code)}, "family")
	})
	once("refresh token", func(tx consent.Tx) (bool, error) { return tx.UseRefreshToken(background, refresh, Start) })
	once("family revoked", func(tx consent.Tx) (bool, error) { return tx.RevokeFamily(background, g.Subject, "family", Start) })
	once("once grant", func(tx consent.Tx) (bool, error) { return tx.ConsumeGrant(background, g.Subject, g.ID, "access") })
	inTx(t, s, func(tx consent.Tx) error { return tx.UnconsumeGrant(background, g.Subject, g.ID, "another access") })
	inTx(t, s, func(tx consent.Tx) error {
		if ok, _ := tx.ConsumeGrant(background, g.Subject, g.ID, "third"); ok {
			t.Error("an access gave back a use that was not its own")
		}
		return tx.UnconsumeGrant(background, g.Subject, g.ID, "access")
	})
	once("once grant given back", func(tx consent.Tx) (bool, error) { return tx.ConsumeGrant(background, g.Subject, g.ID, "fourth") })
	pause := func(paused bool) func(consent.Tx) (bool, error) {
		return func(tx consent.Tx) (bool, error) { return tx.PauseGrant(background, g.Subject, g.ID, paused, Start) }
	}
	once("pause", pause(true))
	once("resumption", pause(false))
	once("pause again", pause(true))
	once("withdrawal", func(tx consent.Tx) (bool, error) {
		return tx.WithdrawGrant(background, g.Subject, g.ID, consent.Unsaid, Start)
	})
	inTx(t, s, func(tx consent.Tx) error {
		stored, err := tx.LockRefreshToken(background, refresh.Hash)
		if !stored.Used || !stored.FamilyRevoked {
			t.Errorf("refresh token: used %v, family revoked %v", stored.Used, stored.FamilyRevoked)
		}
		return err
	})
}

func relinquishOnce(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.Push())
	for i, want := range []bool{true, false} {
		inTx(t, s, func(tx consent.Tx) error {
			got, err := tx.RelinquishGrant(background, g.Subject, g.ID, Start)
			if got != want {
				t.Errorf("time %d: %v", i+1, got)
			}
			return err
		})
	}
	inTx(t, s, func(tx consent.Tx) error {
		if withdrawn, _ := tx.WithdrawGrant(background, g.Subject, g.ID, consent.Unsaid, Start); withdrawn {
			t.Error("what was given up was withdrawn as well")
		}
		stored, err := tx.Grant(background, g.Subject, g.ID)
		if stored.Status != consent.GrantGivenUp || !stored.WithdrawnAt.Equal(Start) {
			t.Errorf("stored as %s at %s", stored.Status, stored.WithdrawnAt)
		}
		return err
	})
}

func accessOnce(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	call := w.Call(w.Issued(t, w.Push()))
	call.By = consent.ConsultedBy{Agent: "agent-4812", Service: "cantine"}
	open, err := w.Service.AuthorizeAccess(background, call)
	must(t, err)
	same(t, open.Identity, Angela().Identity)
	must(t, w.Service.CompleteAccess(background, open.Access, consent.Released, "provider-1"))
	want := open.Access
	want.Outcome, want.ClosedAt, want.ProviderRequestID = consent.Released, Start, "provider-1"
	stored, err := s.Accesses(background, w.Viewer.Subject, "", consent.Access{}, 10)
	must(t, err)
	same(t, stored, []consent.Access{want})
	if err := w.Service.CompleteAccess(background, open.Access, consent.Failed, ""); err == nil {
		t.Error("an access closed twice")
	}
}

func rollback(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, r := w.Granted(t, w.Push())
	giveUp := errors.New("give up")
	err := s.Transact(background, func(tx consent.Tx) error {
		if _, err := tx.WithdrawGrant(background, g.Subject, g.ID, consent.Unsaid, Start); err != nil {
			return err
		}
		copied := r
		copied.ID, copied.URIHash = "copied", consent.HashOf("copied")
		if err := tx.InsertRequest(background, copied); err != nil {
			return err
		}
		return giveUp
	})
	if !errors.Is(err, giveUp) {
		t.Errorf("the transaction's own error became %v", err)
	}
	stored, err := s.Grant(background, g.Subject, g.ID)
	must(t, err)
	same(t, stored, g)
	_, err = s.Request(background, "copied")
	isNotFound(t, "request of a failed transaction", err)
}

// crowd is how many callers race.
const crowd = 50

func race(do func() error) (won int64) {
	var wins atomic.Int64
	var all sync.WaitGroup
	for range crowd {
		all.Go(func() {
			if do() == nil {
				wins.Add(1)
			}
		})
	}
	all.Wait()
	return wins.Load()
}

func concurrentRedemption(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	_, r := w.Granted(t, w.Push())
	code := w.Code(t, r)
	won := race(func() error {
		_, err := w.Service.RedeemCode(background, w.Redemption(code))
		if err != nil && !errors.Is(err, consent.InvalidGrant) {
			t.Errorf("a loser got %v", err)
		}
		return err
	})
	if won != 1 {
		t.Errorf("%d of %d redemptions of one code succeeded", won, crowd)
	}
}

func concurrentOnce(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	p := w.Push()
	p.Details.Access = consent.Once
	call := w.Call(w.Issued(t, p))
	won := race(func() error {
		_, err := w.Service.AuthorizeAccess(background, call)
		if err != nil && !errors.Is(err, consent.GrantConsumed) {
			t.Errorf("a loser got %v", err)
		}
		return err
	})
	if won != 1 {
		t.Errorf("a once grant allowed %d accesses", won)
	}
}
