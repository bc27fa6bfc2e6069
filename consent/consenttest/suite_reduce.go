package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

func reduced(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	issued := w.Issued(t, w.Push())
	g := issued.Grant
	reduce := func(what string, want bool) {
		inTx(t, s, func(tx consent.Tx) error {
			done, err := tx.ReduceGrant(background, g)
			if done != want {
				t.Errorf("%s: %v, want %v", what, done, want)
			}
			return err
		})
	}
	larger := g.Details.Groups
	g.Details.Groups, g.Details.EndsOn = larger[:1], consent.Date{Year: 2027, Month: 1, Day: 31}
	g.ExpiresAt = g.Details.EndsOn.End()
	reduce("smaller", true)
	stored, err := s.Grant(background, g.Subject, g.ID)
	must(t, err)
	same(t, stored, g)
	g.Details.Groups = larger
	reduce("more groups", false)
	g.Details.Groups, g.Details.EndsOn = larger[:1], consent.Date{Year: 2027, Month: 2, Day: 1}
	reduce("a later end", false)
	g.Details.EndsOn = consent.Date{Year: 2027, Month: 1, Day: 1}
	inTx(t, s, func(tx consent.Tx) error {
		_, err := tx.WithdrawGrant(background, g.Subject, g.ID, consent.Unsaid, Start)
		return err
	})
	reduce("a withdrawn one", false)
}

func tokensEnd(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	former, other := w.Issued(t, w.Push()), w.Issued(t, w.PushOnce())
	inTx(t, s, func(tx consent.Tx) error {
		return tx.RevokeTokens(background, former.Grant.Subject, former.Grant.ID, Start)
	})
	for issued, want := range map[*consent.Issuance]bool{&former: true, &other: false} {
		inTx(t, s, func(tx consent.Tx) error {
			token, err := tx.AccessToken(background, issued.Grant.Subject, issued.Token.ID)
			if token.Revoked != want {
				t.Errorf("revoked %v, want %v", token.Revoked, want)
			}
			return err
		})
		standing, err := s.Standing(background, w.Client.ID, issued.Grant.ID, issued.Token.ID)
		must(t, err)
		if standing.Token.Revoked != want {
			t.Errorf("stands as revoked %v, want %v", standing.Token.Revoked, want)
		}
	}
	inTx(t, s, func(tx consent.Tx) error {
		refresh, err := tx.LockRefreshToken(background, consent.HashOf(former.RefreshToken))
		if refresh.FamilyRevoked {
			t.Error("the refresh token ended too")
		}
		return err
	})
}

func lastRelease(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	issued := w.Issued(t, w.Push())
	last := func() time.Time {
		at, err := s.LastRelease(background, issued.Grant.Subject, issued.Grant.ID)
		must(t, err)
		return at
	}
	if at := last(); !at.IsZero() {
		t.Errorf("before any: %s", at)
	}
	var want time.Time
	for _, outcome := range []consent.Outcome{consent.Released, consent.Released, consent.NoFile} {
		w.Clock.Advance(time.Minute)
		open, err := w.Service.AuthorizeAccess(background, w.Call(issued))
		must(t, err)
		must(t, w.Service.CompleteAccess(background, open.Access, outcome, ""))
		if outcome == consent.Released {
			want = w.Clock.Now()
		}
	}
	if at := last(); !at.Equal(want) {
		t.Errorf("%s, want %s", at, want)
	}
	if at, err := s.LastRelease(background, "somebody-else", issued.Grant.ID); err != nil || !at.IsZero() {
		t.Errorf("somebody else's: %s, %v", at, err)
	}
}
