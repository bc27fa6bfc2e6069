package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// consultations are an authority's own, of those that say who consulted.
func consultations(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	call := w.Call(w.Issued(t, w.Push()))
	var want []consent.Access
	for _, by := range []consent.ConsultedBy{{Agent: "agent-4812"}, {}, {Service: "cantine"}} {
		w.Clock.Advance(time.Second)
		call.By = by
		open, err := w.Service.AuthorizeAccess(background, call)
		must(t, err)
		if by != (consent.ConsultedBy{}) {
			want = append(want, open.Access)
		}
	}
	authority := w.Client.SIRET
	got, err := s.Consultations(background, authority, consent.Access{}, 10)
	must(t, err)
	same(t, got, want)
	got, err = s.Consultations(background, authority, consent.Access{}, 1)
	must(t, err)
	same(t, got, want[:1])
	got, err = s.Consultations(background, authority, got[0], 10)
	must(t, err)
	same(t, got, want[1:])
	got, err = s.Consultations(background, Transports().SIRET, consent.Access{}, 10)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("another authority has %d", len(got))
	}
}
