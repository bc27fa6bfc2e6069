package consenttest

import (
	"testing"

	"portail.example/consent"
)

// attestation is found by the hash of its code, comes back with its access, and goes
// with it.
func attestation(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	call := w.Call(w.Issued(t, w.Push()))
	code := consent.NewAttestationCode()
	_, err := s.AttestedAccess(background, code.Hash())
	isNotFound(t, "a code that was not used", err)
	_, err = s.AttestedAccess(background, consent.Hash{})
	isNotFound(t, "no code", err)
	plain, err := w.Service.AuthorizeAccess(background, call)
	must(t, err)
	must(t, w.Service.CompleteAccess(background, plain.Access, consent.Released, ""))
	open, err := w.Service.AuthorizeAccess(background, call)
	must(t, err)
	want := open.Access
	want.Attestation = code.Attest(Paper("novembre 2026", "4 270"))
	must(t, w.Service.CompleteAccess(background, want, consent.Released, "provider-1"))
	want.Outcome, want.ClosedAt, want.ProviderRequestID = consent.Released, Start, "provider-1"
	got, err := s.AttestedAccess(background, code.Hash())
	must(t, err)
	same(t, got, want)
	got, err = s.Access(background, w.Viewer.Subject, want.ID)
	must(t, err)
	same(t, got, want)
	told, err := w.Service.History(background, consent.HistoryQuery{Subject: w.Viewer.Subject})
	must(t, err)
	for _, f := range told.Facts {
		if f.Attested != (f.Key == want.ID) {
			t.Errorf("%s %s is told with an attestation: %v", f.Kind, f.Key, f.Attested)
		}
	}
	w.Clock.Set(consent.RetentionOf(consent.RecordConsultation).Until(Start).AddDate(2, 0, 0))
	_, err = w.Service.Purge(background)
	must(t, err)
	_, err = s.AttestedAccess(background, code.Hash())
	isNotFound(t, "a code whose access was purged", err)
}
