package consent_test

import (
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// askedToLift is a citizen who wants a restriction lifted, and the request that says so.
func askedToLift(t *testing.T, w *consenttest.World) (consent.Measure, consent.RightsRequest) {
	t.Helper()
	w.Issued(t, w.Push())
	m := w.Restricted(t, consenttest.TownHallParty())
	w.Clock.Advance(time.Second)
	return m, askLifting(t, w, m)
}

func askLifting(t *testing.T, w *consenttest.World, m consent.Measure) consent.RightsRequest {
	t.Helper()
	if err := w.Service.AskLifting(t.Context(), m.Subject, m.ID); err != nil {
		t.Fatal(err)
	}
	list, err := w.Service.RightsRequests(t.Context(), m.Subject)
	if err != nil || list[0].Lifts != m.ID || list[0].State != consent.RightsOpen {
		t.Fatalf("what waits for the officer: %q, %s, %v", list[0].Lifts, list[0].State, err)
	}
	return list[0]
}

// Lifting needs no notice and no week: the citizen asked, and reads the answer.
func TestARestrictionIsLiftedAtOnceForWhoAsked(t *testing.T) {
	w := consenttest.NewWorld(t)
	m, asked := askedToLift(t, w)
	officer := w.Officer(t)
	view, err := w.Service.AnyRight(t.Context(), officer, asked.ID)
	if err != nil || view.Lifts.ID != m.ID || view.Of.LegalName != consenttest.TownHall().LegalName {
		t.Errorf("the officer reads about %q of %q, %v", view.Lifts.ID, view.Of.LegalName, err)
	}
	lift := func(text string) error {
		return w.Service.LiftRestriction(t.Context(), officer, asked.ID, m.ID, text)
	}
	refused(t, "without words", lift(" "), consent.InvalidRequest)
	if err := lift("C’est levé."); err != nil {
		t.Fatal(err)
	}
	view, err = w.Service.Right(t.Context(), m.Subject, asked.ID)
	if err != nil || view.Request.State != consent.RightsAnswered || len(view.Messages) != 1 || view.Messages[0].Kind != consent.RightsAnswer {
		t.Errorf("the citizen reads %s, %d messages, %v", view.Request.State, len(view.Messages), err)
	}
	if view.Lifts.LiftedBy != officer.ID || view.Lifts.LiftAskedAt.IsZero() {
		t.Errorf("the restriction says %+v", view.Lifts)
	}
	refused(t, "twice", lift("C’est levé."), consent.NotFound)
}

// From the page of the request that led to the restriction too, so that no request
// about a restriction that is over waits for an answer.
func TestLiftingAnswersWhoAskedFromWhateverPage(t *testing.T) {
	w := consenttest.NewWorld(t)
	m, asked := askedToLift(t, w)
	if err := w.Service.LiftRestriction(t.Context(), w.Officer(t), m.RightsID, m.ID, "C’est levé."); err != nil {
		t.Fatal(err)
	}
	if due, err := w.Service.RightsDue(t.Context(), w.Officer(t)); err != nil || due.Open != 0 {
		t.Errorf("%d wait, %v", due.Open, err)
	}
	if view, err := w.Service.AnyRight(t.Context(), w.Officer(t), asked.ID); err != nil || len(view.Messages) != 1 {
		t.Errorf("%d messages, %v", len(view.Messages), err)
	}
}

func TestARefusedLiftingLeavesTheRestrictionAndMayBeAskedAgain(t *testing.T) {
	w := consenttest.NewWorld(t)
	m, asked := askedToLift(t, w)
	write := func(kind consent.RightsMessageKind) error {
		return w.Service.WriteRight(t.Context(), w.Officer(t), asked.ID, kind, reply)
	}
	if err := write(consent.RightsNews); err != nil {
		t.Fatal(err)
	}
	if consent.FieldOf(write(consent.RightsAnswer)) != "kind" {
		t.Error("answered, and nothing lifted")
	}
	if err := write(consent.RightsRefusal); err != nil {
		t.Fatal(err)
	}
	held, err := w.Service.InForce(t.Context(), m.Subject)
	if err != nil || len(held) != 1 || !held[0].LiftAskedAt.IsZero() {
		t.Errorf("in force: %+v, %v", held, err)
	}
	if got := kinds(w.Memory.Ledger()); !slices.Contains(got, consent.EntryLiftRefused) {
		t.Errorf("no evidence of it: %v", got)
	}
	refused(t, "refused twice", write(consent.RightsRefusal), consent.RequestClosed)
	w.Clock.Advance(time.Second)
	again := askLifting(t, w, m)
	if again.ID == asked.ID {
		t.Error("the same request again")
	}
	if err := w.Service.LiftRestriction(t.Context(), w.Officer(t), again.ID, m.ID, "C’est levé."); err != nil {
		t.Error(err)
	}
}

// Accepting it would set a second restriction on who wants none.
func TestARequestToLiftSetsNothing(t *testing.T) {
	w := consenttest.NewWorld(t)
	m, asked := askedToLift(t, w)
	_, err := w.Service.AcceptRight(t.Context(), w.Officer(t), asked.ID, consent.Party{}, toTheCitizen)
	if refused(t, "accepted", err, consent.InvalidRequest); consent.FieldOf(err) != "right" {
		t.Errorf("it names %q", consent.FieldOf(err))
	}
	if held, err := w.Service.InForce(t.Context(), m.Subject); err != nil || len(held) != 1 {
		t.Errorf("%d in force, %v", len(held), err)
	}
	view, err := w.Service.AnyRight(t.Context(), w.Officer(t), asked.ID)
	if err != nil || view.Request.State != consent.RightsOpen || len(view.Messages) != 0 {
		t.Errorf("%s with %d messages, %v", view.Request.State, len(view.Messages), err)
	}
}
