package consent_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// refused checks the Code of a refusal.
func refused(t *testing.T, what string, err error, want consent.Code) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %s", what, err, want)
	}
}

func kinds(entries []consent.LedgerEntry) (out []consent.EntryKind) {
	for _, e := range entries {
		out = append(out, e.Kind)
	}
	return out
}

func TestPushRefusesAndWritesNothing(t *testing.T) {
	w := consenttest.NewWorld(t)
	foreign := w.Push()
	foreign.RedirectURI += "/"
	_, _, err := w.Service.PushRequest(t.Context(), foreign)
	refused(t, "redirect address one character off", err, consent.InvalidRedirectURI)
	bad := w.Push()
	bad.Details.Type = "other"
	_, _, err = w.Service.PushRequest(t.Context(), bad)
	refused(t, "unknown type", err, consent.InvalidAuthorizationDetails)
}

func TestARequestBelongsToTheFirstBrowserInTime(t *testing.T) {
	w := consenttest.NewWorld(t)
	secret, _, err := w.Service.PushRequest(t.Context(), w.Push())
	if err != nil {
		t.Fatal(err)
	}
	open := func(client, secret string, b consent.BrowserID) error {
		_, err := w.Service.OpenRequest(t.Context(), client, secret, b)
		return err
	}
	refused(t, "unknown", open(w.Client.ID, "other", "b"), consent.NotFound)
	refused(t, "another client's", open("transports-source", secret, "b"), consent.NotFound)
	if err := open(w.Client.ID, secret, "b"); err != nil {
		t.Error(err)
	}
	refused(t, "another browser", open(w.Client.ID, secret, "c"), consent.RequestForeign)
	w.Clock.Advance(w.Service.Limits().RequestURI)
	if err := open(w.Client.ID, secret, "b"); err != nil {
		t.Errorf("reloading in the same browser: %v", err)
	}
	late, _, err := w.Service.PushRequest(t.Context(), w.Push())
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(w.Service.Limits().RequestURI)
	refused(t, "too late", open(w.Client.ID, late, "b"), consent.RequestOverdue)
}

func TestOnlyItsOwnCitizenAnswersARequest(t *testing.T) {
	w := consenttest.NewWorld(t)
	r := w.Identified(t, w.Push())
	pierre := consent.Viewer{Browser: w.Viewer.Browser, Subject: w.SignIn(t, consenttest.Pierre())}
	for name, c := range map[string]struct {
		viewer consent.Viewer
		code   consent.Code
	}{
		"another browser":         {consent.Viewer{Browser: "other", Subject: w.Viewer.Subject}, consent.RequestForeign},
		"no browser":              {consent.Viewer{Subject: w.Viewer.Subject}, consent.RequestForeign},
		"the next user of the PC": {pierre, consent.RequestForeign},
		"nobody any more":         {consent.Viewer{Browser: w.Viewer.Browser}, consent.SignInRequired},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Service.Request(t.Context(), r.ID, c.viewer)
			refused(t, "look", err, c.code)
			_, err = w.Service.Identify(t.Context(), r.ID, c.viewer)
			refused(t, "identify", err, c.code)
			a := w.Allow(r)
			a.Viewer = c.viewer
			_, err = w.Service.Decide(t.Context(), a)
			refused(t, "decide", err, c.code)
			_, err = w.Service.Respond(t.Context(), r.ID, c.viewer)
			refused(t, "respond", err, c.code)
		})
	}
	if len(w.Memory.Answers()) != 0 {
		t.Error("somebody else's answer was recorded")
	}
}

func TestAllowingRecordsExactlyWhatWasChosen(t *testing.T) {
	w := consenttest.NewWorld(t)
	r := w.Identified(t, w.Push())
	a := w.Allow(r)
	a.Groups = []consent.DataGroup{"enfants", "adresse"} // adresse was never asked
	a.EndsOn = consent.Date{Year: 2027, Month: 1, Day: 31}
	r, err := w.Service.Decide(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, r.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(g.Details.Groups, []consent.DataGroup{"enfants"}) || g.Details.EndsOn != a.EndsOn || !g.ExpiresAt.Equal(a.EndsOn.End()) {
		t.Errorf("granted %v until %s (%s)", g.Details.Groups, g.Details.EndsOn, g.ExpiresAt)
	}
	d := w.Memory.Answers()[0]
	if d.Statement != consenttest.Statement() || !d.Allowed || d.Subject != w.Viewer.Subject || !cmp.Equal(d.Groups, g.Details.Groups) {
		t.Errorf("decision %+v", d)
	}
	if got := kinds(w.Memory.Ledger()); !cmp.Equal(got, []consent.EntryKind{consent.EntryDecision, consent.EntryGrant}) {
		t.Errorf("ledger %v", got)
	}
	if e := w.Memory.Events(); len(e) != 1 || e[0].Type != consent.EventGranted || e[0].Sub != g.Sub {
		t.Errorf("events %v", e)
	}
}

func TestContinuousAccessMayBeAnsweredOnce(t *testing.T) {
	w := consenttest.NewWorld(t)
	a := w.Allow(w.Identified(t, w.Push()))
	a.Once = true
	r, err := w.Service.Decide(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, r.GrantID)
	if err != nil || g.Details.Access != consent.Once || !g.ExpiresAt.Equal(w.Clock.Now().Add(consent.OnceLifetime)) {
		t.Errorf("granted %+v, %v", g, err)
	}
}

func TestOnceIsRefusedWhenItOutlastsWhatWasAsked(t *testing.T) {
	w := consenttest.NewWorld(t)
	push := w.Push()
	push.Details.EndsOn = consent.DateOf(w.Clock.Now())
	a := w.Allow(w.Identified(t, push))
	a.Once = true
	if _, err := w.Service.Decide(t.Context(), a); consent.CodeOf(err) != consent.InvalidEndDate {
		t.Errorf("%v", err)
	}
	if len(w.Memory.Answers()) != 0 {
		t.Error("an answer was recorded")
	}
}

func TestDecideRefuses(t *testing.T) {
	cases := map[string]struct {
		change func(*consenttest.World, *consent.Answer)
		want   consent.Code
	}{
		"nothing chosen":    {func(_ *consenttest.World, a *consent.Answer) { a.Groups = nil }, consent.NothingChosen},
		"only unasked data": {func(_ *consenttest.World, a *consent.Answer) { a.Groups = []consent.DataGroup{"adresse"} }, consent.NothingChosen},
		"a later end":       {func(_ *consenttest.World, a *consent.Answer) { a.EndsOn = consent.Date{Year: 2027, Month: 9, Day: 1} }, consent.InvalidEndDate},
		"yesterday":         {func(_ *consenttest.World, a *consent.Answer) { a.EndsOn = consent.Date{Year: 2026, Month: 11, Day: 23} }, consent.InvalidEndDate},
		"too late":          {func(w *consenttest.World, _ *consent.Answer) { w.Clock.Advance(30 * time.Minute) }, consent.RequestOverdue},
		"unknown request":   {func(_ *consenttest.World, a *consent.Answer) { a.RequestID = "other" }, consent.NotFound},
		"a suspended administration": {func(w *consenttest.World, _ *consent.Answer) {
			c := w.Client
			c.Suspended = true
			_ = w.Memory.PutClient(context.Background(), c)
		}, consent.UnauthorizedClient},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			a := w.Allow(w.Identified(t, w.Push()))
			c.change(w, &a)
			_, err := w.Service.Decide(t.Context(), a)
			refused(t, name, err, c.want)
			if len(w.Memory.Answers())+len(w.Memory.Ledger())+len(w.Memory.Events()) != 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestAConsentNeedsASignInAndARefusalDoesNot(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Viewer.Subject = ""
	r := w.Pushed(t, w.Push())
	_, err := w.Service.Decide(t.Context(), w.Allow(r))
	refused(t, "allow", err, consent.SignInRequired)
	refusal := w.Allow(r)
	refusal.Allow = false
	if _, err := w.Service.Decide(t.Context(), refusal); err != nil {
		t.Fatal(err)
	}
	d := w.Memory.Answers()[0]
	if d.Allowed || len(d.Groups) != 0 || !d.EndsOn.IsZero() {
		t.Errorf("a refusal kept %v until %s", d.Groups, d.EndsOn)
	}
	_, err = w.Service.Decide(t.Context(), refusal)
	refused(t, "answered twice", err, consent.RequestClosed)
	if e := w.Memory.Events(); len(e) != 1 || e[0].Type != consent.EventRefused {
		t.Errorf("events %v", e)
	}
}

func TestTheAnswerGoesBackToTheClient(t *testing.T) {
	w := consenttest.NewWorld(t)
	r := w.Identified(t, w.Push())
	_, err := w.Service.Respond(t.Context(), r.ID, w.Viewer)
	refused(t, "unanswered", err, consent.SignInRequired)
	w.Clock.Advance(30 * time.Minute)
	expired, err := w.Service.Respond(t.Context(), r.ID, w.Viewer)
	if err != nil || !expired.Denied || expired.Code != "" || expired.State != "client-state" {
		t.Errorf("expired: %+v, %v", expired, err)
	}
	g, granted := w.Granted(t, w.Push())
	first, second := w.Code(t, granted), w.Code(t, granted)
	if first == "" || first == second {
		t.Errorf("codes %q and %q", first, second)
	}
	if _, err := w.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	late, err := w.Service.Respond(t.Context(), granted.ID, w.Viewer)
	if err != nil || !late.Denied || late.Code != "" {
		t.Errorf("withdrawn meanwhile: %+v, %v", late, err)
	}
}

func TestACoveringConsentAnswersAtOnceUnlessAskedToPrompt(t *testing.T) {
	cases := map[string]struct {
		change func(*consent.Push)
		reused bool
	}{
		"the same":       {func(*consent.Push) {}, true},
		"fewer groups":   {func(p *consent.Push) { p.Details.Groups = p.Details.Groups[:1] }, true},
		"a nearer end":   {func(p *consent.Push) { p.Details.EndsOn = consent.Date{Year: 2027, Month: 1, Day: 1} }, true},
		"more groups":    {func(p *consent.Push) { p.Details.Groups = append(p.Details.Groups, consent.GroupAdresse) }, false},
		"a later end":    {func(p *consent.Push) { p.Details.EndsOn = consent.Date{Year: 2027, Month: 9, Day: 1} }, false},
		"once":           {func(p *consent.Push) { p.Details.Access = consent.Once }, false},
		"prompt=consent": {func(p *consent.Push) { p.ForcePrompt = true }, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			g, _ := w.Granted(t, w.Push())
			p := w.Push()
			p.Details.Groups = append([]consent.DataGroup{}, p.Details.Groups...)
			c.change(&p)
			r := w.Identified(t, p)
			if reused := r.GrantID == g.ID; reused != c.reused {
				t.Errorf("reused %v, request %s", reused, r.Status)
			}
		})
	}
}

func TestAWithdrawnConsentIsNotReused(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	if _, err := w.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	if r := w.Identified(t, w.Push()); r.Status != consent.RequestIdentified {
		t.Errorf("the request is %s", r.Status)
	}
}
