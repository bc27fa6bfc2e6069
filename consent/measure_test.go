package consent_test

import (
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

const toTheCitizen = "Nous gelons vos données, le temps de vérifier."

// A restriction refuses everything, as a pause does, and its citizen cannot lift it.
func TestARestrictionIsObeyedUntilTheOfficerLiftsIt(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	renewal := consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken}
	m := w.Restricted(t, consenttest.TownHallParty())
	_ = w.Service.Resume(t.Context(), w.Viewer.Subject, issued.Grant.ID)
	refused(t, "pausing it", w.Service.Pause(t.Context(), w.Viewer.Subject, issued.Grant.ID), consent.GrantSuspended)
	_, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	refused(t, "data", err, consent.GrantSuspended)
	_, err = w.Service.Refresh(t.Context(), renewal)
	refused(t, "refresh", err, consent.InvalidGrant)
	_, found, err := w.Service.ClientAsking(t.Context(), w.Client.ID, issued.Grant.ID, issued.Token.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.Introspect(t.Context(), w.Client, found)
	refused(t, "introspection", err, consent.GrantSuspended)
	_, _, err = w.Service.IntrospectRefresh(t.Context(), w.Client, issued.RefreshToken)
	refused(t, "introspection of the refresh token", err, consent.GrantSuspended)
	_, err = w.Service.VerifyConsent(t.Context(), consent.Verification{Provider: consenttest.Provider(), ClientID: w.Client.ID, GrantID: issued.Grant.ID, TokenID: issued.Token.ID})
	if err == nil {
		t.Error("a data provider was told that it stands")
	}
	places, err := w.Memory.RevokedPlaces(t.Context(), issued.Token.Status.List)
	if err != nil || !slices.Contains(places, issued.Token.Status.Index) {
		t.Errorf("status list %v, %v", places, err)
	}
	w.Lifted(t, m)
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued)); err != nil {
		t.Errorf("after it: %v", err)
	}
	if _, err := w.Service.Refresh(t.Context(), renewal); err != nil {
		t.Errorf("refresh after it: %v", err)
	}
	want := []consent.EntryKind{consent.EntryRestriction, consent.EntryRestricted, consent.EntryLiftAsked, consent.EntryRestrictionLifted, consent.EntryFreed}
	for _, kind := range want {
		if got := kinds(w.Memory.Ledger()); !slices.Contains(got, kind) {
			t.Errorf("no evidence of %s: %v", kind, got)
		}
	}
	for _, e := range w.Memory.Events() {
		if e.Type != consent.EventGranted {
			t.Errorf("the administration was told %s", e.Type)
		}
	}
}

// What leaves at the end of a call is looked at once more; a single use that is given
// back is given back restricted.
func TestARestrictionInTheMiddleOfACallHoldsTheDataBack(t *testing.T) {
	for outcome, want := range map[consent.Outcome]consent.Code{consent.Released: consent.GrantSuspended, consent.Failed: ""} {
		w := consenttest.NewWorld(t)
		issued := w.Issued(t, w.PushOnce())
		opened, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
		if err != nil {
			t.Fatal(err)
		}
		w.Restricted(t, consent.Party{})
		if err := w.Service.CompleteAccess(t.Context(), opened.Access, outcome, ""); consent.CodeOf(err) != want {
			t.Errorf("%s: %v", outcome, err)
		}
		_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
		refused(t, "the use that was given back", err, consent.GrantSuspended)
	}
}

// Article 18(3): told before, with a week unless the citizen asked for it.
func TestARestrictionIsLiftedOnceItsCitizenWasTold(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Issued(t, w.Push())
	officer := w.Officer(t)
	m := w.Restricted(t, consent.Party{})
	lift := func() error { return w.Service.LiftRestriction(t.Context(), officer, m.RightsID, m.ID, "") }
	refused(t, "untold", lift(), consent.InvalidRequest)
	refused(t, "no reason", w.Service.AnnounceLifting(t.Context(), officer, m.RightsID, m.ID, " "), consent.InvalidRequest)
	refused(t, "by the ordinary form", w.Service.WriteRight(t.Context(), officer, m.RightsID, consent.RightsLifting, "Le désaccord est réglé."), consent.InvalidRequest)
	if err := w.Service.AnnounceLifting(t.Context(), officer, m.RightsID, m.ID, "Le désaccord est réglé."); err != nil {
		t.Fatal(err)
	}
	v, err := w.Service.Right(t.Context(), w.Viewer.Subject, m.RightsID)
	if err != nil || len(v.Messages) != 2 || v.Messages[1].Kind != consent.RightsLifting || v.Request.State != consent.RightsAnswered {
		t.Errorf("the citizen reads %+v, %v", v.Messages, err)
	}
	w.Clock.Advance(consent.LiftNotice - time.Second)
	refused(t, "before the week is over", lift(), consent.InvalidRequest)
	refused(t, "by an authority's officer", w.Service.LiftRestriction(t.Context(), w.Agent(t, consent.RoleDPO), m.RightsID, m.ID, ""), consent.RoleNotAllowed)
	w.Clock.Advance(time.Second)
	if err := lift(); err != nil {
		t.Error(err)
	}
	refused(t, "twice", lift(), consent.NotFound)
}

// An objection ends what stands, closes what waits, and later requests meet nobody.
func TestAnObjectionEndsWhatStandsAndRefusesWhatComes(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	p := w.Push()
	p.ForcePrompt = true
	open := w.Identified(t, p)
	held := w.Allow(open)
	m, err := w.Service.Object(t.Context(), w.Viewer.Subject, consenttest.TownHallParty())
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	refused(t, "data", err, consent.GrantWithdrawn)
	_, err = w.Service.Decide(t.Context(), held)
	refused(t, "an answer to what was open", err, consent.RequestClosed)
	if got := types(w.Memory.Events()); !slices.Contains(got, consent.EventWithdrawn) || !slices.Contains(got, consent.EventRefused) {
		t.Errorf("events %v", got)
	}
	r := w.Pushed(t, w.Push())
	if r, err = w.Service.Identify(t.Context(), r.ID, w.Viewer); err != nil || r.Status != consent.RequestCancelled {
		t.Fatalf("%q, %v", r.Status, err)
	}
	response, err := w.Service.Respond(t.Context(), r.ID, w.Viewer)
	if err != nil || !response.Denied {
		t.Errorf("%+v, %v", response, err)
	}
	if err := w.Service.LiftObjection(t.Context(), w.Viewer.Subject, m.ID); err != nil {
		t.Fatal(err)
	}
	if r, err = w.Service.Identify(t.Context(), w.Pushed(t, w.Push()).ID, w.Viewer); err != nil || r.Status != consent.RequestIdentified {
		t.Errorf("after it: %q, %v", r.Status, err)
	}
}

// A request that is filed for who objected waits like one for a stranger, and tells its
// citizen nothing; it is refused when they come. Refused as it is filed, it would tell the
// administration that they are known, and objected.
func TestAFiledRequestMeetsAnObjectionWhenItsCitizenComes(t *testing.T) {
	for name, file := range map[string]func(*consenttest.World) consent.Request{
		"filed after it": func(w *consenttest.World) consent.Request {
			object(t, w)
			return filedFor(t, w)
		},
		"filed before it": func(w *consenttest.World) consent.Request {
			r := filedFor(t, w)
			object(t, w)
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			w.Identified(t, w.Push())
			r := file(w)
			told := len(w.Memory.Events())
			poll := func() error {
				w.Clock.Advance(consent.PollInterval)
				_, err := w.Service.PollRequest(t.Context(), consent.Poll{Client: w.Client, RequestID: r.ID})
				return err
			}
			refused(t, "before they come", poll(), consent.AuthorizationPending)
			home, err := w.Service.Home(t.Context(), w.Viewer.Subject)
			if err != nil || len(home.Waiting) != 0 {
				t.Errorf("%d requests wait, %v", len(home.Waiting), err)
			}
			refused(t, "after it", poll(), consent.AccessDenied)
			if events := w.Memory.Events()[told:]; len(events) != 1 || events[0].Type != consent.EventRefused {
				t.Errorf("the administration was told %v", types(events))
			}
		})
	}
}

// Nobody writes to somebody about a request that a measure spares them.
func TestWhoObjectedIsNotToldOfAFiledRequest(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*testing.T, *consenttest.World)
		mails  int
	}{
		"objected": {object, 0}, "did not": {func(*testing.T, *consenttest.World) {}, 1},
	} {
		w := consenttest.NewWorld(t)
		w.Identified(t, w.Push())
		w.WithAddress(t, w.Memory, w.Viewer.Subject, "angela@example.org")
		c.before(t, w)
		filedFor(t, w)
		w.Clock.Advance(consent.DigestWindow)
		mails, err := w.Memory.ClaimMails(t.Context(), w.Clock.Now(), w.Clock.Now().Add(time.Hour), 10)
		if err != nil || len(mails) != c.mails {
			t.Errorf("%s: %d mails, %v", name, len(mails), err)
		}
	}
}

func object(t *testing.T, w *consenttest.World) {
	t.Helper()
	if _, err := w.Service.Object(t.Context(), w.Viewer.Subject, consenttest.TownHallParty()); err != nil {
		t.Fatal(err)
	}
}

func filedFor(t *testing.T, w *consenttest.World) consent.Request {
	t.Helper()
	r, err := w.Service.FileRequest(t.Context(), w.Filing(consenttest.Angela().Identity))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A namesake is not spared, and another administration goes on asking.
func TestAnObjectionIsOfOnePersonToOneAdministration(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Identified(t, w.Push())
	object(t, w)
	other := consenttest.Angela().Identity
	other.GivenNames = []string{"Anne"}
	r, err := w.Service.FileRequest(t.Context(), w.Filing(other))
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.PollRequest(t.Context(), consent.Poll{Client: w.Client, RequestID: r.ID})
	refused(t, "a namesake", err, consent.AuthorizationPending)
	w.Client = consenttest.Transports()
	p := w.Push()
	p.Details = *w.Client.Default
	if r := w.Identified(t, p); r.Status != consent.RequestIdentified {
		t.Errorf("another administration: %q", r.Status)
	}
}

// What is accepted is a restriction or an objection, of somebody who ever asked.
func TestOnlyWhatWasAskedIsAccepted(t *testing.T) {
	w := consenttest.NewWorld(t)
	officer := w.Officer(t)
	accept := func(right consent.Right, of consent.Party, by consent.Agent, text string) error {
		t.Helper()
		r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, right, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Service.AcceptRight(t.Context(), by, r.ID, of, text)
		return err
	}
	refused(t, "access", accept(consent.RightAccess, consent.Party{}, officer, toTheCitizen), consent.InvalidRequest)
	refused(t, "a stranger", accept(consent.RightObjection, consenttest.TownHallParty(), officer, toTheCitizen), consent.InvalidRequest)
	refused(t, "no words", accept(consent.RightObjection, consent.Party{}, officer, ""), consent.InvalidRequest)
	refused(t, "an authority's officer", accept(consent.RightObjection, consent.Party{}, w.Agent(t, consent.RoleDPO), toTheCitizen), consent.RoleNotAllowed)
	_, err := w.Service.Object(t.Context(), w.Viewer.Subject, consenttest.TownHallParty())
	refused(t, "a stranger, by the citizen", err, consent.InvalidRequest)
	if held, err := w.Store.Measures(t.Context(), w.Viewer.Subject); err != nil || len(held) != 0 {
		t.Errorf("%d hold, %v", len(held), err)
	}
}
