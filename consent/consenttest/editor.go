package consenttest

import (
	"testing"

	"portail.example/consent"
)

// PushFor is a push of SoftwareEditor for one of its authorities.
func (w *World) PushFor(d consent.Delegation) consent.Push {
	p := w.Push()
	p.Client, p.Details.Recipient = SoftwareEditor(), d.SIRET
	p.RedirectURI = p.Client.RedirectURIs[0]
	return p
}

// IssuedFor is a recorded consent token for what a push asks, whoever pushed.
func (w *World) IssuedFor(t testing.TB, p consent.Push) consent.Issuance {
	t.Helper()
	_, r := w.Granted(t, p)
	redemption := w.Redemption(w.Code(t, r))
	redemption.Client, redemption.RedirectURI = p.Client, p.RedirectURI
	issued, err := w.Service.RedeemCode(t.Context(), redemption)
	must(t, err)
	return issued
}

// PushTo is a push of TownHall for Provider's data.
func (w *World) PushTo(provider consent.Client) consent.Push {
	p := w.Push()
	p.Details.Locations = []string{provider.Provider.Location}
	return p
}
