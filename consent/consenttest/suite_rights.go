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
	got, err := s.RightsRequests(background, w.Viewer.Subject, consent.RightsRequest{}, 10)
	must(t, err)
	same(t, got, want)
	next, err := s.RightsRequests(background, w.Viewer.Subject, want[1], 2)
	must(t, err)
	same(t, next, want[2:4])
	others, err := s.RightsRequests(background, w.SignIn(t, Pierre()), consent.RightsRequest{}, 10)
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

// rightsDue: what waits, the register page by page, and what its citizen has not read.
func rightsDue(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	officer := w.Agent(t, consent.RolePlatformDPO)
	due := func() consent.RightsDue {
		out, err := w.Service.RightsDue(background, officer)
		must(t, err)
		return out
	}
	before := due() // a store may be shared
	var asked []consent.RightsRequest
	for range 2 {
		r, err := w.Service.AskRight(background, w.Viewer.Subject, consent.RightAccess, "mes mots")
		must(t, err)
		asked = append(asked, r)
		w.Clock.Advance(20 * 24 * 3600e9)
	}
	same(t, due(), consent.RightsDue{Open: before.Open + 2, Overdue: before.Overdue + 1})
	var lines []consent.RightsRequest
	must(t, w.Service.EachRight(background, officer, func(r consent.RightsRequest) error { lines = append(lines, r); return nil }))
	first, err := s.RightsRegister(background, lines[len(lines)-2], 1)
	must(t, err)
	last := asked[1]
	last.Subject, last.Message = "", ""
	same(t, first, []consent.RightsRequest{last})
	unread(t, w, officer, asked)
}

func unread(t *testing.T, w *World, officer consent.Agent, asked []consent.RightsRequest) {
	ids := func() (out []string) {
		list, err := w.Service.UnreadRights(background, w.Viewer.Subject)
		must(t, err)
		for _, r := range list {
			out = append(out, r.ID)
		}
		return out
	}
	if got := ids(); got != nil {
		t.Errorf("unread before anything was written: %v", got)
	}
	for _, r := range asked {
		must(t, w.Service.WriteRight(background, officer, r.ID, consent.RightsNews, "voici des nouvelles"))
	}
	same(t, ids(), []string{asked[1].ID, asked[0].ID})
	w.Clock.Advance(1e9)
	v, err := w.Service.ReadRight(background, w.Viewer.Subject, asked[1].ID)
	must(t, err)
	if len(v.Messages) != 1 {
		t.Errorf("%d messages", len(v.Messages))
	}
	same(t, ids(), []string{asked[0].ID})
	w.Clock.Advance(1e9)
	must(t, w.Service.WriteRight(background, officer, asked[1].ID, consent.RightsAnswer, "voici votre réponse"))
	same(t, ids(), []string{asked[1].ID, asked[0].ID})
}

func liftedHold(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	officer := w.Agent(t, consent.RolePlatformDPO)
	r, err := w.Service.AskRight(background, w.Viewer.Subject, consent.RightErasure, "")
	must(t, err)
	want, err := w.Service.HoldFor(background, officer, r.ID, "dossier 12")
	must(t, err)
	held, err := w.Service.HoldsOn(background, officer, r.ID)
	must(t, err)
	same(t, held, []consent.Hold{want})
	w.Clock.Advance(1e9)
	_, err = w.Service.EndHold(background, officer, r.ID, want.ID, "affaire close")
	must(t, err)
	want.LiftedBy, want.LiftedAt, want.LiftedWhy = string(officer.ID), w.Clock.Now(), "affaire close"
	inTx(t, s, func(tx consent.Tx) error {
		got, err := tx.LockHold(background, want.ID)
		same(t, got, want)
		return err
	})
	_, err = w.Service.EndHold(background, officer, r.ID, want.ID, "encore")
	isNotFound(t, "a hold that was lifted", err)
}
