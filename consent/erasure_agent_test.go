package consent_test

import (
	"fmt"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// One person may be registered for two authorities: that is one pair of eyes.
func TestOnePersonRegisteredTwiceDoesNotEraseAlone(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	invited, err := w.Service.InviteAgent(t.Context(), officer, consent.AgentInvitation{
		Email: officer.Email, SIRET: string(consenttest.Transports().SIRET), Role: consent.RoleOperator,
	})
	if err != nil {
		t.Fatal(err)
	}
	twin, err := w.Service.SignInAgent(t.Context(), consenttest.AgentOf(invited))
	if err != nil || twin.ID == officer.ID {
		t.Fatal(twin.ID, err)
	}
	r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightErasure, "")
	if err != nil {
		t.Fatal(err)
	}
	e, err := w.Service.ProposeErasure(t.Context(), officer, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.ApproveErasure(t.Context(), twin, e.ID); consent.CodeOf(err) != consent.SameAgent {
		t.Errorf("approved by the same person: %v", err)
	}
	if _, err := w.Service.Identity(t.Context(), w.Viewer.Subject); err != nil {
		t.Errorf("erased by one person: %v", err)
	}
	if _, err := w.Service.ApproveErasure(t.Context(), w.Agent(t, consent.RoleOperator), e.ID); err != nil {
		t.Errorf("another person: %v", err)
	}
}

// A request to be erased is offered however many other requests are due before it.
func TestOtherRequestsDoNotHideAnErasure(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	ask := func(subject consent.SubjectID, right consent.Right) consent.RightsRequest {
		r, err := w.Service.AskRight(t.Context(), subject, right, "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for citizen := range 51 {
		in := consenttest.Pierre()
		in.Subject = fmt.Sprintf("citizen-%d", citizen)
		subject := w.SignIn(t, in)
		for range consent.MaxOpenRights {
			ask(subject, consent.RightAccess)
		}
	}
	w.Clock.Advance(24 * time.Hour)
	last := ask(w.Viewer.Subject, consent.RightErasure)
	got, err := w.Service.ErasureRequests(t.Context(), officer)
	if err != nil || len(got) != 1 || got[0].ID != last.ID {
		t.Errorf("%d requests, %v", len(got), err)
	}
}
