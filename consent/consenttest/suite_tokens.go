package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

func tokenUse(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, r := w.Granted(t, w.Push())
	use := func(want consent.TokenUse) {
		t.Helper()
		got, err := s.TokenUse(background, g.Subject, g.ID)
		must(t, err)
		same(t, got, want)
	}
	use(consent.TokenUse{})
	life := w.Service.Limits().Token
	redeem := func() consent.Issuance {
		issued, err := w.Service.RedeemCode(background, w.Redemption(w.Code(t, r)))
		must(t, err)
		return issued
	}
	issued := redeem()
	use(consent.TokenUse{Until: Start.Add(life)})
	for n := 1; n < 3; n++ {
		w.Clock.Advance(time.Minute)
		var err error
		issued, err = w.Service.Refresh(background, consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken})
		must(t, err)
		use(consent.TokenUse{Renewed: n, RenewedAt: w.Clock.Now(), Until: w.Clock.Now().Add(life)})
	}
	renewed := w.Clock.Now()
	w.Clock.Advance(time.Minute)
	redeem() // a code of its own: not a renewal
	until := w.Clock.Now().Add(life)
	w.Clock.Advance(time.Minute)
	once := w.Issued(t, w.PushOnce())
	use(consent.TokenUse{Renewed: 2, RenewedAt: renewed, Until: until})
	both, err := s.TokenUse(background, g.Subject, g.ID, once.Grant.ID)
	must(t, err)
	same(t, both, consent.TokenUse{Renewed: 2, RenewedAt: renewed, Until: w.Clock.Now().Add(life)})
	none, err := s.TokenUse(background, g.Subject)
	must(t, err)
	same(t, none, consent.TokenUse{})
	other, err := s.TokenUse(background, "somebody-else", g.ID)
	must(t, err)
	same(t, other, consent.TokenUse{})
}
