package consent_test

import (
	"slices"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

var january = consent.Date{Year: 2027, Month: 1, Day: 31}

func reduction(w *consenttest.World, g consent.Grant) consent.Reduction {
	return consent.Reduction{
		GrantID: g.ID, Subject: g.Subject, Groups: []consent.DataGroup{consent.GroupQuotientFamilial}, EndsOn: january,
		Statement: consenttest.Statement(), ACR: "eidas1", AuthTime: w.Clock.Now(),
	}
}

func TestAReducedConsentIsSmallerAndLeavesItsEvidence(t *testing.T) {
	w := consenttest.NewWorld(t)
	g, _ := w.Granted(t, w.Push())
	before := len(w.Memory.Ledger())
	got, err := w.Service.Reduce(t.Context(), reduction(w, g))
	if err != nil {
		t.Fatal(err)
	}
	if stored, err := w.Store.Grant(t.Context(), g.Subject, g.ID); err != nil || !slices.Equal(stored.Details.Groups, got.Details.Groups) {
		t.Errorf("stored %v, %v", stored.Details.Groups, err)
	}
	if len(got.Details.Groups) != 1 || got.Details.EndsOn != january || !got.ExpiresAt.Equal(january.End()) {
		t.Errorf("left: %v until %s, over at %s", got.Details.Groups, got.Details.EndsOn, got.ExpiresAt)
	}
	if evidence := kinds(w.Memory.Ledger()[before:]); !slices.Equal(evidence, []consent.EntryKind{consent.EntryDecision, consent.EntryReduced}) {
		t.Errorf("evidence: %v", evidence)
	}
	answers := w.Memory.Answers()
	if last := answers[len(answers)-1]; last.Statement != consenttest.Statement() || last.EndsOn != january || len(last.Groups) != 1 || !last.Allowed {
		t.Errorf("decision: %+v", last)
	}
	events := w.Memory.Events()
	if last := events[len(events)-1]; last.Type != consent.EventReduced || last.GrantID != g.ID || last.Sub != g.Sub {
		t.Errorf("event: %+v", last)
	}
}

func TestAConsentIsNeverEnlarged(t *testing.T) {
	cases := map[string]struct {
		change func(*consent.Reduction)
		want   consent.Code
	}{
		"nothing left":       {func(in *consent.Reduction) { in.Groups = nil }, consent.NothingChosen},
		"only others":        {func(in *consent.Reduction) { in.Groups = []consent.DataGroup{consent.GroupAdresse} }, consent.NothingChosen},
		"a later end":        {func(in *consent.Reduction) { in.EndsOn = consent.Date{Year: 2027, Month: 9, Day: 1} }, consent.InvalidEndDate},
		"an end in the past": {func(in *consent.Reduction) { in.EndsOn = consent.Date{Year: 2026, Month: 11, Day: 23} }, consent.InvalidEndDate},
		"nothing changed": {func(in *consent.Reduction) {
			in.Groups, in.EndsOn = consent.QuotientFamilial.Groups, consent.Date{}
		}, consent.InvalidRequest},
		"another citizen's": {func(in *consent.Reduction) { in.Subject = "somebody-else" }, consent.NotFound},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			g, _ := w.Granted(t, w.Push())
			before := len(w.Memory.Ledger())
			in := reduction(w, g)
			c.change(&in)
			_, err := w.Service.Reduce(t.Context(), in)
			refused(t, name, err, c.want)
			stored, err := w.Store.Grant(t.Context(), g.Subject, g.ID)
			if err != nil || len(stored.Details.Groups) != 2 || stored.Details.EndsOn != g.Details.EndsOn || len(w.Memory.Ledger()) != before {
				t.Errorf("something was written: %v, %v", stored.Details, err)
			}
		})
	}
}

func TestWhatIsOverIsNotReduced(t *testing.T) {
	w := consenttest.NewWorld(t)
	once, _ := w.Granted(t, w.PushOnce())
	_, err := w.Service.Reduce(t.Context(), reduction(w, once))
	refused(t, "one release", err, consent.InvalidRequest)
	g, _ := w.Granted(t, w.Push())
	if err := w.Service.Pause(t.Context(), g.Subject, g.ID); err != nil {
		t.Fatal(err)
	}
	if left, err := w.Service.Reduce(t.Context(), reduction(w, g)); err != nil || left.Status != consent.GrantPaused {
		t.Errorf("paused: %s, %v", left.Status, err)
	}
	if _, err := w.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.Reduce(t.Context(), reduction(w, g))
	refused(t, "withdrawn", err, consent.GrantWithdrawn)
}

// A token of the larger extent opens nothing any more, anywhere: not at the data
// API, not at introspection, not offline. The refresh token gives the smaller one.
func TestATokenOfTheFormerExtentIsRevokedAndRefreshGivesTheSmallerOne(t *testing.T) {
	w := consenttest.NewWorld(t)
	former := w.Issued(t, w.Push())
	if _, err := w.Service.Reduce(t.Context(), reduction(w, former.Grant)); err != nil {
		t.Fatal(err)
	}
	_, err := w.Service.AuthorizeAccess(t.Context(), w.Call(former))
	refused(t, "the former token", err, consent.TokenRevoked)
	client, standing, err := w.Service.ClientAsking(t.Context(), w.Client.ID, former.Grant.ID, former.Token.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.Introspect(t.Context(), client, standing)
	refused(t, "introspection", err, consent.TokenRevoked)
	places, err := w.Memory.RevokedPlaces(t.Context(), former.Token.Status.List)
	if err != nil || !slices.Contains(places, former.Token.Status.Index) {
		t.Errorf("status list: %v, %v", places, err)
	}
	smaller, err := w.Service.Refresh(t.Context(), consent.Renewal{Client: w.Client, RefreshToken: former.RefreshToken})
	if err != nil {
		t.Fatal(err)
	}
	open, err := w.Service.AuthorizeAccess(t.Context(), w.Call(smaller))
	if err != nil || !slices.Equal(open.Access.Groups, []consent.DataGroup{consent.GroupQuotientFamilial}) || len(smaller.Grant.Details.Groups) != 1 {
		t.Errorf("with the smaller token: %v, %v", open.Access.Groups, err)
	}
}

func TestAReductionWhileTheProviderAnswersIsObeyed(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	open, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.Reduce(t.Context(), reduction(w, issued.Grant)); err != nil {
		t.Fatal(err)
	}
	err = w.Service.CompleteAccess(t.Context(), open.Access, consent.Released, "p")
	refused(t, "release", err, consent.TokenRevoked)
	if got := accesses(t, w); got[0].Outcome != consent.Refused {
		t.Errorf("closed as %s", got[0].Outcome)
	}
}
