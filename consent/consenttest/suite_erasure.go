package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// ToErase is the viewer's own request to be erased, and an agent's to do it.
func (w *World) ToErase(t testing.TB) consent.Erasure {
	t.Helper()
	r, err := w.Service.AskRight(background, w.Viewer.Subject, consent.RightErasure, "mes mots")
	must(t, err)
	e, err := w.Service.AskErasure(background, w.Viewer.Subject, r.ID, "agent-1")
	must(t, err)
	return e
}

func isCode(t *testing.T, what string, err error, want consent.Code) {
	t.Helper()
	if consent.CodeOf(err) != want {
		t.Errorf("%s: got %v, want %s", what, err, want)
	}
}

func erasure(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	gone := w.Viewer.Subject
	w.WithAddress(t, s, gone, "angela@example.org")
	over := eventful(t, s, w)
	live := w.Issued(t, w.Push())
	waiting := w.Push()
	waiting.ForcePrompt = true
	question := w.Identified(t, waiting)
	e := w.ToErase(t)
	again, err := w.Service.AskErasure(background, gone, e.RightsID, "agent-9")
	must(t, err)
	same(t, again, e)
	_, err = w.Service.EraseSubject(background, e.ID, e.AskedBy)
	isCode(t, "approved by who asked", err, consent.SameAgent)
	_, err = s.Identity(background, gone)
	must(t, err)
	w.Clock.Advance(time.Minute)
	for range 2 {
		done, err := w.Service.EraseSubject(background, e.ID, "agent-2")
		must(t, err)
		if !done.Done() || done.ApprovedBy != "agent-2" || done.AskedBy != "agent-1" {
			t.Errorf("%+v", done)
		}
	}
	forgotten(t, s, w, gone)
	stays(t, s, over, live.Grant)
	r, err := s.Request(background, question.ID)
	must(t, err)
	if r.Status != consent.RequestCancelled {
		t.Errorf("a question that waited is %s", r.Status)
	}
	newcomer(t, w, gone)
}

// forgotten: nothing leads from the pseudonym to anybody, and nothing is written in
// its name.
func forgotten(t *testing.T, s StoreWithClients, w *World, gone consent.SubjectID) {
	_, err := s.Identity(background, gone)
	isNotFound(t, "identity", err)
	_, err = s.Contact(background, gone)
	isNotFound(t, "address", err)
	words, err := s.RightsRequests(background, gone, consent.RightsRequest{}, 10)
	must(t, err)
	if len(words) != 0 {
		t.Errorf("%d of their questions can be read", len(words))
	}
	_, err = w.Service.AskRight(background, gone, consent.RightAccess, "")
	isNotFound(t, "asking something in their name", err)
	_, err = w.Service.AskErasure(background, gone, "any", "agent-1")
	isNotFound(t, "erasing them again", err)
	isNotFound(t, "a pairwise sub", s.Transact(background, func(tx consent.Tx) error {
		_, err := tx.PairwiseSub(background, gone, TownHall().ID, "")
		return err
	}))
	mails, err := s.ClaimMails(background, w.Clock.Now().Add(time.Hour), w.Clock.Now().Add(time.Hour), 10)
	must(t, err)
	if len(mails) != 0 {
		t.Errorf("%d mails wait for them", len(mails))
	}
}

// stays: the evidence is there, of consents that ended before and by the erasure.
func stays(t *testing.T, s StoreWithClients, grants ...consent.Grant) {
	for _, g := range grants {
		now, err := s.Grant(background, g.Subject, g.ID)
		must(t, err)
		if now.Status != consent.GrantTakenBack || now.Sub != g.Sub {
			t.Errorf("%s, known as %s before and %s now", now.Status, g.Sub, now.Sub)
		}
		_, err = s.DecisionOn(background, g.Subject, g.RequestID)
		must(t, err)
	}
	uses, err := s.Accesses(background, grants[0].Subject, "", consent.Access{}, 10)
	must(t, err)
	if len(uses) != 1 {
		t.Errorf("%d consultations are left", len(uses))
	}
}

// newcomer: the same person signs in again and is somebody else.
func newcomer(t *testing.T, w *World, gone consent.SubjectID) {
	w.Viewer.Subject = w.SignIn(t, Angela())
	if w.Viewer.Subject == gone {
		t.Fatal("the same citizen came back")
	}
	g, _ := w.Granted(t, w.Push())
	former, err := w.Store.Grants(background, consent.GrantQuery{Subject: gone, All: true, Limit: 10})
	must(t, err)
	for _, old := range former {
		if old.Sub == g.Sub {
			t.Error("the administration recognises them")
		}
	}
}

func erasureRefused(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	access, err := w.Service.AskRight(background, w.Viewer.Subject, consent.RightAccess, "")
	must(t, err)
	_, err = w.Service.AskErasure(background, w.Viewer.Subject, access.ID, "agent-1")
	isNotFound(t, "answering another right", err)
	e := w.ToErase(t)
	approve := func() error {
		_, err := w.Service.EraseSubject(background, e.ID, "agent-2")
		return err
	}
	h, err := w.Service.SetHold(background, consent.Hold{Subject: w.Viewer.Subject, Reason: "dossier 12", SetBy: "agent-1"})
	must(t, err)
	isCode(t, "held", approve(), consent.LegalHold)
	_, err = w.Service.LiftHold(background, h.ID, "agent-1")
	must(t, err)
	inTx(t, s, func(tx consent.Tx) error {
		return tx.NoteExport(background, w.Viewer.Subject, w.Clock.Now().Add(consent.ExportLease))
	})
	isCode(t, "an export runs", approve(), consent.ExportRunning)
	_, err = w.Service.EraseSubject(background, "none", "agent-2")
	isNotFound(t, "an erasure nobody asked for", err)
	waiting, err := w.Service.Erasures(background)
	must(t, err)
	same(t, waiting, []consent.Erasure{e})
	w.Clock.Advance(consent.ExportLease)
	must(t, approve())
	waiting, err = w.Service.Erasures(background)
	must(t, err)
	same(t, len(waiting), 0)
	isNotFound(t, "an export of nobody", s.Transact(background, func(tx consent.Tx) error {
		return tx.NoteExport(background, w.Viewer.Subject, w.Clock.Now())
	}))
}

func erasureVoid(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	void := w.ToErase(t)
	inTx(t, s, func(tx consent.Tx) error {
		r, err := tx.LockRight(background, void.RightsID)
		must(t, err)
		r.State, r.ClosedAt = consent.RightsRefused, w.Clock.Now()
		return tx.UpdateRight(background, r)
	})
	waiting, err := w.Service.Erasures(background)
	must(t, err)
	same(t, len(waiting), 0)
	_, err = w.Service.EraseSubject(background, void.ID, "agent-2")
	isCode(t, "its request was refused", err, consent.RequestClosed)
	fresh := w.ToErase(t)
	waiting, err = w.Service.Erasures(background)
	must(t, err)
	same(t, waiting, []consent.Erasure{fresh})
	_, err = w.Service.EraseSubject(background, fresh.ID, "agent-2")
	must(t, err)
}

func kept(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	eventful(t, s, w)
	w.Clock.Advance(time.Hour)
	w.Granted(t, w.Push())
	w.WithAddress(t, s, w.Viewer.Subject, "angela@example.org")
	now := w.Clock.Now()
	got, err := w.Service.Kept(background, w.Viewer.Subject)
	must(t, err)
	secret := now
	for i, k := range got {
		if k.Record == consent.RecordSecret {
			secret = got[i].From
		}
	}
	same(t, got, []consent.Kept{
		{Record: consent.RecordIdentity, Count: 1, From: Start},
		{Record: consent.RecordAddress, Count: 1, From: Start},
		{Record: consent.RecordConsent, Count: 2, From: now}, // were it withdrawn now
		{Record: consent.RecordRefusal, Count: 1, From: Start},
		{Record: consent.RecordRequest, Count: 1, From: Start.Add(w.Service.Limits().Journey)},
		{Record: consent.RecordConsultation, Count: 1, From: Start},
		{Record: consent.RecordToken, Count: 1, From: Start},
		{Record: consent.RecordRightsRequest, Count: 1, From: now},
		{Record: consent.RecordSecret, Count: 1, From: secret},
	})
	others, err := w.Service.Kept(background, w.SignIn(t, Pierre()))
	must(t, err)
	same(t, others, []consent.Kept{{Record: consent.RecordIdentity, Count: 1, From: now}})
}
