package consent_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func accesses(t *testing.T, w *consenttest.World) []consent.Access {
	t.Helper()
	out, err := w.Store.Accesses(t.Context(), w.Viewer.Subject, "", consent.Access{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnAccessIsRefusedUnlessTokenGrantAndCallFit(t *testing.T) {
	cases := map[string]struct {
		change func(*consenttest.World, *consent.AccessRequest)
		want   consent.Code
	}{
		"unknown grant":     {func(_ *consenttest.World, in *consent.AccessRequest) { in.GrantID = "other" }, consent.TokenRevoked},
		"unknown token":     {func(_ *consenttest.World, in *consent.AccessRequest) { in.TokenID = "other" }, consent.TokenRevoked},
		"another client":    {func(_ *consenttest.World, in *consent.AccessRequest) { in.ClientID = "transports-source" }, consent.TokenRevoked},
		"another recipient": {func(_ *consenttest.World, in *consent.AccessRequest) { in.Recipient = "21990013100018" }, consent.RecipientMismatch},
		"another data set":  {func(_ *consenttest.World, in *consent.AccessRequest) { in.DataSet = consent.DataSet{Type: "other"} }, consent.InsufficientScope},
		"a suspended administration": {func(w *consenttest.World, _ *consent.AccessRequest) {
			c := w.Client
			c.Suspended = true
			_ = w.Memory.PutClient(context.Background(), c)
		}, consent.UnauthorizedClient},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			call := w.Call(w.Issued(t, w.Push()))
			c.change(w, &call)
			_, err := w.Service.AuthorizeAccess(t.Context(), call)
			refused(t, name, err, c.want)
			if len(accesses(t, w)) != 0 {
				t.Error("an access was opened")
			}
		})
	}
}

func TestATokenOfOneGrantDoesNotOpenAnother(t *testing.T) {
	w := consenttest.NewWorld(t)
	first, second := w.Issued(t, w.Push()), w.Issued(t, w.Push())
	call := w.Call(first)
	call.GrantID = second.Grant.ID
	_, err := w.Service.AuthorizeAccess(t.Context(), call)
	refused(t, "crossed", err, consent.TokenRevoked)
}

func TestAWithdrawalStopsTheNextAccessAndTheCitizenSeesTheAttempt(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	for range 2 { // withdrawing twice is not an error
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Unsaid); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	refused(t, "access", err, consent.GrantWithdrawn)
	_, err = w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken})
	refused(t, "refresh", err, consent.InvalidGrant)
	if got := accesses(t, w); len(got) != 1 || got[0].Outcome != consent.Refused {
		t.Errorf("the attempt was not recorded: %v", got)
	}
	withdrawals := 0
	for _, e := range w.Memory.Events() {
		if e.Type == consent.EventWithdrawn {
			withdrawals++
		}
	}
	if withdrawals != 1 {
		t.Errorf("%d withdrawal events", withdrawals)
	}
}

func TestNobodyWithdrawsAnothersConsent(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	_, err := w.Service.Withdraw(t.Context(), w.SignIn(t, consenttest.Pierre()), g.ID, consent.Unsaid)
	refused(t, "another citizen", err, consent.NotFound)
}

func TestAWithdrawalWhileTheProviderAnswersIsObeyed(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	open, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	err = w.Service.CompleteAccess(t.Context(), open.Access, consent.Released, "p")
	refused(t, "release", err, consent.GrantWithdrawn)
	if got := accesses(t, w); got[0].Outcome != consent.Refused {
		t.Errorf("closed as %s", got[0].Outcome)
	}
}

func TestAOnceConsentReleasesOnceAndSurvivesAFailure(t *testing.T) {
	w := consenttest.NewWorld(t)
	p := w.Push()
	p.Details.Access = consent.Once
	call := w.Call(w.Issued(t, p))
	for _, step := range []struct {
		outcome consent.Outcome
		next    error
	}{{consent.TimedOut, nil}, {consent.Released, consent.GrantConsumed}} {
		open, err := w.Service.AuthorizeAccess(t.Context(), call)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Service.AuthorizeAccess(t.Context(), call)
		refused(t, "a second call meanwhile", err, consent.GrantConsumed)
		if err := w.Service.CompleteAccess(t.Context(), open.Access, step.outcome, ""); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Service.AuthorizeAccess(t.Context(), call)
	refused(t, "after the release", err, consent.GrantConsumed)
}

// An administration that lost a data group, a purpose or its number receives no
// more of it, whatever was granted before.
func TestANarrowerRegistrationNarrowsLiveConsents(t *testing.T) {
	cases := map[string]struct {
		change func(*consent.Client)
		groups int
		code   consent.Code
	}{
		"a data group":   {func(c *consent.Client) { c.Groups = []consent.DataGroup{consent.GroupQuotientFamilial} }, 1, ""},
		"all of them":    {func(c *consent.Client) { c.Groups = []consent.DataGroup{consent.GroupAdresse} }, 0, consent.UnauthorizedClient},
		"the purpose":    {func(c *consent.Client) { c.Retention = map[string]int{"carte-famille-nombreuse": 12} }, 0, consent.UnauthorizedClient},
		"another number": {func(c *consent.Client) { c.SIRET = "21990013100018" }, 0, consent.UnauthorizedClient},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			issued := w.Issued(t, w.Push())
			c.change(&w.Client)
			if err := w.Memory.PutClient(t.Context(), w.Client); err != nil {
				t.Fatal(err)
			}
			open, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
			if consent.CodeOf(err) != c.code {
				t.Errorf("access: %v", err)
			}
			renewed, err := w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken})
			if consent.CodeOf(err) != c.code {
				t.Errorf("refresh: %v", err)
			}
			if len(open.Access.Groups) != c.groups || len(renewed.Grant.Details.Groups) != c.groups {
				t.Errorf("groups %v, in the token %v", open.Access.Groups, renewed.Grant.Details.Groups)
			}
		})
	}
}

// A process that died between opening and closing an access costs nobody their
// consent.
func TestAbandonedAccessesAreClosed(t *testing.T) {
	w := consenttest.NewWorld(t)
	push := w.Push()
	push.Details.Access = consent.Once
	issued := w.Issued(t, push)
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{0, 1, 0} {
		if n, err := w.Service.CloseAbandoned(t.Context()); n != want || err != nil {
			t.Errorf("closed %d, want %d (%v)", n, want, err)
		}
		w.Clock.Advance(2*time.Minute + time.Second)
	}
	list, err := w.Store.Accesses(t.Context(), w.Viewer.Subject, "", consent.Access{}, 1)
	if err != nil || list[0].Outcome != consent.Failed {
		t.Errorf("%v, recorded as %s", err, list[0].Outcome)
	}
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued)); err != nil {
		t.Errorf("the single use was not given back: %v", err)
	}
}

// A pause refuses everything until it is taken back; what ended cannot be paused,
// and nobody pauses another's.
func TestAPauseIsObeyedAndEnds(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	pierre := w.SignIn(t, consenttest.Pierre())
	refused(t, "by another citizen", w.Service.Pause(t.Context(), pierre, issued.Grant.ID), consent.NotFound)
	for range 2 {
		if err := w.Service.Pause(t.Context(), w.Viewer.Subject, issued.Grant.ID); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	refused(t, "data", err, consent.GrantSuspended)
	renewal := consent.Renewal{Client: w.Client, RefreshToken: issued.RefreshToken}
	_, err = w.Service.Refresh(t.Context(), renewal)
	refused(t, "refresh", err, consent.InvalidGrant)
	if err := w.Service.Resume(t.Context(), w.Viewer.Subject, issued.Grant.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued)); err != nil {
		t.Errorf("after it: %v", err)
	}
	if _, err := w.Service.Refresh(t.Context(), renewal); err != nil {
		t.Errorf("refresh after it: %v", err)
	}
	if got := kinds(w.Memory.Ledger()); !slices.Contains(got, consent.EntryPaused) || !slices.Contains(got, consent.EntryResumed) {
		t.Errorf("evidence: %v", got)
	}
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	refused(t, "after the withdrawal", w.Service.Pause(t.Context(), w.Viewer.Subject, issued.Grant.ID), consent.GrantWithdrawn)
	refused(t, "nor resumed", w.Service.Resume(t.Context(), w.Viewer.Subject, issued.Grant.ID), consent.GrantWithdrawn)
}
