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

// rightsQueue: open requests by their last day, page by page; closed ones with what was
// written.
func rightsQueue(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	officer := w.Agent(t, consent.RolePlatformDPO)
	var asked []consent.RightsRequest
	for range 3 {
		r, err := w.Service.AskRight(background, w.Viewer.Subject, consent.RightAccess, "mes mots")
		must(t, err)
		asked = append(asked, r)
		w.Clock.Advance(48 * 3600e9)
	}
	must(t, w.Service.WriteRight(background, officer, asked[0].ID, consent.RightsExtension, "il nous faut plus de temps"))
	var ids []string
	var after consent.RightsRequest
	for range 3 {
		list, err := s.RightsQueue(background, consent.RightsOpen, after, 1)
		must(t, err)
		after = list[0]
		ids = append(ids, after.ID)
	}
	same(t, ids, []string{asked[1].ID, asked[2].ID, asked[0].ID})
	for _, r := range asked[:2] {
		w.Clock.Advance(1e9)
		must(t, w.Service.WriteRight(background, officer, r.ID, consent.RightsAnswer, "voici votre réponse"))
	}
	closed, err := s.RightsQueue(background, consent.RightsAnswered, consent.RightsRequest{}, 10)
	must(t, err)
	same(t, []string{closed[0].ID, closed[1].ID}, []string{asked[1].ID, asked[0].ID})
	messages, err := s.RightsMessages(background, w.Viewer.Subject, asked[0].ID)
	must(t, err)
	if len(messages) != 2 || messages[0].Text != "il nous faut plus de temps" || messages[1].Agent != officer.ID {
		t.Errorf("%d messages", len(messages))
	}
}
