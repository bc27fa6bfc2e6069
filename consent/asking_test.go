package consent_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// insist puts a question that the citizen leaves unanswered, until the ceiling.
func insist(t *testing.T, w *consenttest.World) {
	t.Helper()
	purpose, _ := consent.PurposeOf(consenttest.Canteen().Purpose)
	for range purpose.MaxAsked {
		if r := w.Identified(t, w.Push()); r.Status != consent.RequestIdentified {
			t.Fatalf("a question within the ceiling is %s", r.Status)
		}
	}
}

func TestAQuestionTooManyIsNotAsked(t *testing.T) {
	w := consenttest.NewWorld(t)
	insist(t, w)
	spared := w.Identified(t, w.Push())
	if spared.Status != consent.RequestCancelled {
		t.Fatalf("it is %s", spared.Status)
	}
	answer, err := w.Service.Respond(t.Context(), spared.ID, w.Viewer)
	if err != nil || !answer.Denied || answer.Code != "" {
		t.Errorf("the administration reads %+v, %v", answer, err)
	}
	if r := w.Identified(t, w.PushFor(consenttest.Delegated()[0])); r.Status != consent.RequestIdentified {
		t.Errorf("another authority's is %s", r.Status)
	}
	w.Clock.Advance(consent.AskingSpan)
	if r := w.Identified(t, w.Push()); r.Status != consent.RequestIdentified {
		t.Errorf("a month later it is %s", r.Status)
	}
}

func TestAQuestionThatWasReadIsNotTakenAway(t *testing.T) {
	w := consenttest.NewWorld(t)
	first := w.Identified(t, w.Push())
	insist(t, &consenttest.World{Service: w.Service, Store: w.Store, Clock: w.Clock, Client: w.Client, Viewer: consent.Viewer{Browser: "another", Subject: w.SignIn(t, consenttest.Pierre())}})
	purpose, _ := consent.PurposeOf(first.Details.Purpose)
	for range purpose.MaxAsked {
		w.Identified(t, w.Push())
	}
	if r, err := w.Service.Identify(t.Context(), first.ID, w.Viewer); err != nil || r.Status != consent.RequestIdentified {
		t.Errorf("%s, %v", r.Status, err)
	}
}

// A consent that exists asks nothing: it is not counted, and never spared.
func TestAConsentIsReusedAboveTheCeiling(t *testing.T) {
	w := consenttest.NewWorld(t)
	forced := w.Push()
	forced.ForcePrompt = true
	w.Granted(t, w.Push())
	purpose, _ := consent.PurposeOf(forced.Details.Purpose)
	for range purpose.MaxAsked + 1 {
		w.Identified(t, forced)
	}
	if r := w.Identified(t, w.Push()); r.Status != consent.RequestGranted {
		t.Errorf("it is %s", r.Status)
	}
}

// What an administration files above the ceiling waits, as it would for somebody
// who never comes: it cannot tell.
func TestFilingsAboveTheCeilingWaitLikeThoseOfNobody(t *testing.T) {
	w := consenttest.NewWorld(t)
	purpose, _ := consent.PurposeOf(consenttest.Canteen().Purpose)
	var filed []consent.Request
	for range purpose.MaxAsked + 3 {
		filed = append(filed, file(t, w, consenttest.Pierre().Identity))
	}
	pierre := w.SignIn(t, consenttest.Pierre())
	for range 2 { // signing in again gives no more
		home, err := w.Service.Home(t.Context(), pierre)
		if err != nil || len(home.Waiting) != purpose.MaxAsked {
			t.Fatalf("%d wait, %v", len(home.Waiting), err)
		}
		w.SignIn(t, consenttest.Pierre())
	}
	for _, r := range filed {
		_, err := poll(w, t, r.ID)
		refused(t, "polled", err, consent.AuthorizationPending)
	}
	w.Clock.Advance(consent.DefaultFiling)
	for _, r := range filed {
		_, err := poll(w, t, r.ID)
		refused(t, "polled when all are over", err, consent.ExpiredToken)
	}
}
