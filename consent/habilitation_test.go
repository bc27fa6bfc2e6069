package consent_test

import (
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestARevokedHabilitationStopsEverythingThatStandsOnItAtOnce(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued, valbois := w.Issued(t, w.Push()), consenttest.Delegated()[0]
	delegated := w.IssuedFor(t, w.PushFor(valbois))
	revoke := func(number string, revoked bool, at time.Duration) {
		t.Helper()
		if err := w.Service.FollowHabilitation(t.Context(), consent.Habilitation{Number: number, Revoked: revoked, FiredAt: consenttest.Start.Add(at)}); err != nil {
			t.Fatal(err)
		}
	}
	works := func(i consent.Issuance) error {
		_, err := w.Service.AuthorizeAccess(t.Context(), w.Call(i))
		return err
	}
	revoke(w.Client.Habilitation, true, time.Second)
	refused(t, "data of the town hall", works(issued), consent.UnauthorizedClient)
	_, err := w.Service.Client(t.Context(), w.Client.ID)
	refused(t, "the town hall itself", err, consent.UnauthorizedClient)
	_, found, err := w.Service.ClientAsking(t.Context(), w.Client.ID, issued.Grant.ID, issued.Token.ID)
	refused(t, "the town hall that introspects", err, consent.UnauthorizedClient)
	_, err = w.Service.Introspect(t.Context(), w.Client, found)
	refused(t, "introspection", err, consent.TokenRevoked)
	if err := works(delegated); err != nil {
		t.Errorf("an authority with another habilitation: %v", err)
	}
	revoke(valbois.Habilitation, true, time.Second)
	refused(t, "data through the editor", works(delegated), consent.UnauthorizedClient)

	revoke(w.Client.Habilitation, false, 0)
	refused(t, "after older news", works(issued), consent.UnauthorizedClient)
	revoke(w.Client.Habilitation, false, 2*time.Second)
	if err := works(issued); err != nil {
		t.Errorf("after the approval: %v", err)
	}
	habilitations := 0
	for _, entry := range w.Memory.Ledger() {
		if entry.Kind == consent.EntryHabilitation {
			habilitations++
		}
	}
	if habilitations != 3 {
		t.Errorf("%d lines of evidence for 3 changes", habilitations)
	}
}
