package consenttest

import (
	"testing"

	"portail.example/consent"
)

func rights(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	var want []consent.RightsRequest
	for _, right := range consent.Rights() {
		w.Clock.Advance(1e9)
		r, err := w.Service.AskRight(background, w.Viewer.Subject, right, "mes mots")
		must(t, err)
		want = append([]consent.RightsRequest{r}, want...)
	}
	got, err := s.RightsRequests(background, w.Viewer.Subject)
	must(t, err)
	same(t, got, want)
	others, err := s.RightsRequests(background, w.SignIn(t, Pierre()))
	must(t, err)
	if len(others) != 0 {
		t.Errorf("another citizen has %d", len(others))
	}
}
