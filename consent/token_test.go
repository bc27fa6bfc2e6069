package consent_test

import (
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestACodeIsRefusedToWhoeverCannotProveItIsTheirs(t *testing.T) {
	cases := map[string]func(*consenttest.World, *consent.Redemption){
		"unknown code":     func(_ *consenttest.World, in *consent.Redemption) { in.Code = "other" },
		"another client":   func(_ *consenttest.World, in *consent.Redemption) { in.Client = consenttest.Transports() },
		"another address":  func(_ *consenttest.World, in *consent.Redemption) { in.RedirectURI = "https://lisiere.example/other" },
		"wrong verifier":   func(_ *consenttest.World, in *consent.Redemption) { in.CodeVerifier = "wrong" },
		"the challenge":    func(_ *consenttest.World, in *consent.Redemption) { in.CodeVerifier = consenttest.Challenge },
		"after one minute": func(w *consenttest.World, _ *consent.Redemption) { w.Clock.Advance(time.Minute) },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			_, r := w.Granted(t, w.Push())
			good := w.Redemption(w.Code(t, r))
			bad := good
			change(w, &bad)
			_, err := w.Service.RedeemCode(t.Context(), bad)
			refused(t, name, err, consent.InvalidGrant)
			if name == "after one minute" {
				return
			}
			if _, err := w.Service.RedeemCode(t.Context(), good); err != nil {
				t.Errorf("the code was spoilt for its owner: %v", err)
			}
		})
	}
}

func TestAReplayedCodeKillsWhatItGave(t *testing.T) {
	w := consenttest.NewWorld(t)
	_, r := w.Granted(t, w.Push())
	in := w.Redemption(w.Code(t, r))
	issued, err := w.Service.RedeemCode(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.RedeemCode(t.Context(), in)
	refused(t, "replay", err, consent.InvalidGrant)
	_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	refused(t, "the token of the first use", err, consent.TokenRevoked)
	_, err = w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken})
	refused(t, "its refresh token", err, consent.InvalidGrant)
	if g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, issued.Grant.ID); err != nil || g.Live(w.Clock.Now()) != nil {
		t.Errorf("the citizen's consent died too: %v %v", g.Status, err)
	}
}

func TestRefreshRotatesAndReuseKillsTheFamily(t *testing.T) {
	w := consenttest.NewWorld(t)
	first := w.Issued(t, w.Push())
	_, err := w.Service.Refresh(t.Context(), consent.Renewal{Client: consenttest.Transports(), RefreshToken: first.RefreshToken})
	refused(t, "another client", err, consent.InvalidGrant)
	second, err := w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: first.RefreshToken})
	if err != nil || second.RefreshToken == first.RefreshToken || second.Token.ID == first.Token.ID {
		t.Fatalf("%v: the tokens did not change", err)
	}
	_, err = w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: first.RefreshToken})
	refused(t, "reuse", err, consent.InvalidGrant)
	_, err = w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: second.RefreshToken})
	refused(t, "the successor", err, consent.InvalidGrant)
	_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(second))
	refused(t, "the successor's token", err, consent.TokenRevoked)
	entries := kinds(w.Memory.Ledger())
	if entries[len(entries)-1] != consent.EntryRevoked {
		t.Errorf("the revocation left no evidence: %v", entries)
	}
}

func TestNoTokenOutlivesItsConsent(t *testing.T) {
	w := consenttest.NewWorld(t)
	p := w.Push()
	p.Details.EndsOn = consent.DateOf(w.Clock.Now())
	w.Clock.Advance(13*time.Hour + 58*time.Minute) // 23:58 in Paris
	issued := w.Issued(t, p)
	if issued.Token.ExpiresAt.After(issued.Grant.ExpiresAt) {
		t.Errorf("token until %s, consent until %s", issued.Token.ExpiresAt, issued.Grant.ExpiresAt)
	}
	w.Clock.Advance(2 * time.Minute)
	_, err := w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken})
	refused(t, "refresh after the end", err, consent.InvalidGrant)
	_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	refused(t, "access after the end", err, consent.GrantExpired)
}

func TestAOnceConsentHasNoRefreshToken(t *testing.T) {
	w := consenttest.NewWorld(t)
	p := w.Push()
	p.Details.Access = consent.Once
	if issued := w.Issued(t, p); issued.RefreshToken != "" {
		t.Error("a refresh token for one release")
	}
}
