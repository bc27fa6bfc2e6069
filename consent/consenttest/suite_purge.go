package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// eventful is a world with something of each kind that is ever purged, of one citizen
// and of nobody.
func eventful(t *testing.T, s consent.Store, w *World) (g consent.Grant) {
	issued := w.Issued(t, w.Push())
	open, err := w.Service.AuthorizeAccess(background, w.Call(issued))
	must(t, err)
	must(t, w.Service.CompleteAccess(background, open.Access, consent.Released, ""))
	refused := w.Allow(w.Identified(t, w.PushOnce()))
	refused.Allow = false
	_, err = w.Service.Decide(background, refused)
	must(t, err)
	seen := w.Push()
	seen.ForcePrompt = true
	w.Identified(t, seen)
	_, _, err = w.Service.PushRequest(background, w.Push())
	must(t, err)
	_, err = w.Service.AskRight(background, w.Viewer.Subject, consent.RightAccess, "mes mots")
	must(t, err)
	g, err = w.Service.Withdraw(background, w.Viewer.Subject, issued.Grant.ID, consent.Unsaid)
	must(t, err)
	return g
}

// countOf is how many of each kind a report names.
func countOf(r consent.PurgeReport) map[consent.Record]int {
	out := map[consent.Record]int{}
	for _, line := range r.Lines {
		out[line.Record] = line.Count
	}
	return out
}

// purged removes what is due, and nothing a second before.
func purged(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g := eventful(t, s, w)
	run := func(want map[consent.Record]int) {
		t.Helper()
		due, err := w.Service.PurgeDue(background)
		must(t, err)
		same(t, countOf(due), want)
		report, err := w.Service.Purge(background)
		must(t, err)
		same(t, report.Lines, due.Lines)
		again, err := w.Service.Purge(background)
		must(t, err)
		same(t, len(again.Lines), 0)
	}
	run(map[consent.Record]int{})
	w.Clock.Set(Start.Add(w.Service.Limits().Journey).AddDate(0, 12, 0))
	run(map[consent.Record]int{consent.RecordEvent: 3, consent.RecordSecret: 1})
	w.Clock.Advance(time.Second)
	run(map[consent.Record]int{consent.RecordUnseen: 1})
	w.Clock.Set(Start.AddDate(0, consent.EvidenceMonths, 0))
	run(map[consent.Record]int{})
	w.Clock.Advance(time.Second)
	_, err := w.Service.Grant(background, w.Viewer.Subject, g.ID, "")
	must(t, err)
	late := map[consent.Record]int{consent.RecordConsultation: 1, consent.RecordToken: 1, consent.RecordConsent: 1, consent.RecordRefusal: 1}
	run(late)
	_, err = w.Service.Grant(background, w.Viewer.Subject, g.ID, "")
	isNotFound(t, "a consent that was purged", err)
	w.Clock.Advance(w.Service.Limits().Journey)
	run(map[consent.Record]int{consent.RecordRequest: 1})
	reports, err := w.Service.PurgeReports(background, 2)
	must(t, err)
	if len(reports) != 2 || countOf(reports[0])[consent.RecordRequest] != 1 || !reports[0].At.Equal(w.Clock.Now()) {
		t.Errorf("past purges: %+v", reports)
	}
	same(t, countOf(reports[1]), late)
}

// A citizen goes when nothing of theirs is left; a question to the officer that is
// open keeps them, however old.
func idleCitizen(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	pierre := w.SignIn(t, Pierre())
	_, err := w.Service.AskRight(background, w.Viewer.Subject, consent.RightAccess, "")
	must(t, err)
	w.Clock.Set(Start.AddDate(0, consent.EvidenceMonths, 0).Add(time.Second))
	report, err := w.Service.Purge(background)
	must(t, err)
	same(t, countOf(report), map[consent.Record]int{consent.RecordIdentity: 1})
	_, err = s.Identity(background, pierre)
	isNotFound(t, "who was not here for three years", err)
	_, err = s.Identity(background, w.Viewer.Subject)
	must(t, err)
	if again := w.SignIn(t, Pierre()); again == pierre {
		t.Error("the citizen came back as they were")
	}
}

// What was tried after the end of a consent keeps it until it goes itself.
func triedLate(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	issued := w.Issued(t, w.Push())
	_, err := w.Service.Withdraw(background, w.Viewer.Subject, issued.Grant.ID, consent.Unsaid)
	must(t, err)
	w.Clock.Advance(time.Minute)
	if _, err := w.Service.AuthorizeAccess(background, w.Call(issued)); consent.CodeOf(err) != consent.GrantWithdrawn {
		t.Fatal(err)
	}
	w.Clock.Set(Start.AddDate(0, consent.EvidenceMonths, 0).Add(time.Second))
	for _, want := range []int{0, 1} {
		report, err := w.Service.Purge(background)
		must(t, err)
		if got := countOf(report); got[consent.RecordConsent] != want || got[consent.RecordConsultation] != want {
			t.Errorf("%v, want %d", got, want)
		}
		w.Clock.Advance(time.Minute)
	}
}

// A hold keeps what it covers, from purge and erasure, until it is lifted.
func held(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g := eventful(t, s, w)
	whole, err := w.Service.SetHold(background, consent.Hold{Subject: w.Viewer.Subject, Reason: "dossier 12", SetBy: "agent-1"})
	must(t, err)
	w.Clock.Advance(time.Second)
	one, err := w.Service.SetHold(background, consent.Hold{GrantID: g.ID, Reason: "dossier 13", SetBy: "agent-1"})
	must(t, err)
	holds, err := w.Service.Holds(background, w.Viewer.Subject)
	must(t, err)
	same(t, holds, []consent.Hold{whole, one})
	w.Clock.Set(Start.AddDate(4, 0, 0))
	report, err := w.Service.Purge(background)
	must(t, err)
	same(t, countOf(report), map[consent.Record]int{consent.RecordUnseen: 1, consent.RecordSecret: 1})
	lift := func(h consent.Hold) {
		for range 2 {
			lifted, err := w.Service.LiftHold(background, h.ID, "agent-2")
			must(t, err)
			if lifted.LiftedAt.IsZero() || lifted.LiftedBy != "agent-2" {
				t.Errorf("%+v", lifted)
			}
		}
	}
	lift(whole)
	report, err = w.Service.Purge(background)
	must(t, err)
	same(t, countOf(report), map[consent.Record]int{consent.RecordRefusal: 1, consent.RecordRequest: 1, consent.RecordEvent: 3})
	lift(one)
	report, err = w.Service.Purge(background)
	must(t, err)
	same(t, countOf(report), map[consent.Record]int{consent.RecordConsultation: 1, consent.RecordToken: 1, consent.RecordConsent: 1})
	_, err = w.Service.SetHold(background, consent.Hold{Subject: "nobody", Reason: "x", SetBy: "agent-1"})
	isNotFound(t, "holding nobody", err)
	_, err = w.Service.LiftHold(background, "none", "agent-1")
	isNotFound(t, "lifting nothing", err)
}
