package citizen_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// liveSource is the source asked with FranceConnect's token.
type liveSource struct {
	*source
	tokens []string
}

func (s *liveSource) AskLive(ctx context.Context, q consent.Question, token consent.LiveToken) (consent.ProviderAnswer, error) {
	s.tokens = append(s.tokens, token.Token)
	return s.Ask(ctx, q)
}

const bothScopes = "openid cnaf_quotient_familial cnaf_enfants"

// granted is the access token of the sign-ins to come.
func (w *world) granted(scope string) {
	w.provider.in.Live = consent.NewLiveToken("secret-access-token", scope, time.Minute, w.Clock.Now())
}

// looked is how often each way was asked.
func (w *world) looked(t *testing.T, live, byIdentity int) {
	t.Helper()
	if len(w.live.calls) != live || len(w.source.calls) != byIdentity {
		t.Errorf("asked %d times with the token and %d by identity, want %d and %d", len(w.live.calls), len(w.source.calls), live, byIdentity)
	}
}

func TestTheSignInsTokenIsUsedOnceThenTheIdentity(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	w.granted(bothScopes)
	path, _ := w.questioned(b)
	w.looked(t, 0, 0)
	if asked := w.provider.asked[0]; !slices.Equal(asked, []string{"cnaf_quotient_familial", "cnaf_enfants"}) {
		t.Errorf("FranceConnect was asked for %v", asked)
	}
	seen := b.Post(w.base+path+"/preview", nil)
	expect(t, "with the token", seen, 200, "98\u202f765", "Zoe PETIT")
	if strings.Contains(seen.Body, "NULLEPART") {
		t.Error("a group that nobody asked for is shown")
	}
	w.looked(t, 1, 0)
	expect(t, "again", b.Post(w.base+path+"/preview", nil), 200, "98\u202f765")
	w.looked(t, 1, 1)
	if strings.Contains(w.logs.String(), "secret-access-token") || strings.Contains(w.logs.String(), "98765") {
		t.Error("the token or a value is in the logs")
	}
}

func TestWhenTheTokenDoesNotServeTheIdentityDoes(t *testing.T) {
	cases := map[string]struct {
		scope string
		wait  time.Duration
		fault *consent.ProviderFault
		live  int
	}{
		"its minute is over":        {bothScopes, 55 * time.Second, nil, 0},
		"fewer scopes than asked":   {"openid cnaf_enfants", 0, nil, 0},
		"no scope said":             {"", 0, nil, 0},
		"the budget is used up":     {bothScopes, 0, &consent.ProviderFault{Outcome: consent.Busy, Refusal: consent.ProviderBusy}, 1},
		"the address is held back":  {bothScopes, 0, &consent.ProviderFault{Outcome: consent.Busy, Status: 429}, 1},
		"two at one instant, twice": {bothScopes, 0, &consent.ProviderFault{Outcome: consent.Busy, Status: 409, Code: "00015"}, 1},
		"FranceConnect fails":       {bothScopes, 0, &consent.ProviderFault{Outcome: consent.Failed, Status: 502, Code: "51000"}, 1},
		"its scopes open nothing":   {bothScopes, 0, &consent.ProviderFault{Outcome: consent.Failed, Status: 403, Code: "00100"}, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, b := newWorld(t), webtest.NewBrowser(t)
			w.granted(c.scope)
			if c.fault != nil {
				w.live.err = c.fault
			}
			path, _ := w.questioned(b)
			w.Clock.Advance(c.wait)
			expect(t, name, b.Post(w.base+path+"/preview", nil), 200, "98\u202f765")
			w.looked(t, c.live, 1)
		})
	}
}

func TestWhatIsWrongWithTheTokenIsToldInPlainWords(t *testing.T) {
	cases := map[string]struct {
		fault  *consent.ProviderFault
		status int
		want   string
		again  bool
	}{
		"stale":           {&consent.ProviderFault{Outcome: consent.Failed, Status: 401, Code: "51502", Proof: consent.ProofStale}, 200, "date de plus d’une minute", true},
		"partial":         {&consent.ProviderFault{Outcome: consent.NotIdentified, Status: 422, Code: "51564", Proof: consent.ProofPartial}, 200, "toute votre identité", false},
		"no file":         {&consent.ProviderFault{Outcome: consent.NoFile, Status: 404, Code: "35003"}, 200, "Aucun dossier", false},
		"the fund failed": {&consent.ProviderFault{Outcome: consent.Failed, Status: 502, Code: "35000"}, http.StatusBadGateway, "ne répond pas bien", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, b := newWorld(t), webtest.NewBrowser(t)
			w.granted(bothScopes)
			w.live.err = c.fault
			path, _ := w.questioned(b)
			a := b.Post(w.base+path+"/preview", url.Values{"datatypes": {"enfants"}})
			expect(t, name, a, c.status, c.want, "Autoriser le partage", `value="enfants" id="datatypes-enfants" checked`)
			w.looked(t, 1, 0)
			if strings.Contains(a.Body, "S’identifier de nouveau") != c.again {
				t.Errorf("signing in again is offered: %v", !c.again)
			}
			if c.again {
				expect(t, "the next look", b.Post(w.base+path+"/preview", nil), 200, "98\u202f765")
				w.looked(t, 1, 1)
			}
		})
	}
}

func TestAnotherMonthWithTheTokenIsNotShownEither(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	w.granted(bothScopes)
	w.live.month = consent.Period{Year: 2026, Month: time.March}
	path, _ := w.questioned(b)
	a := b.Post(w.base+path+"/preview", nil)
	expect(t, "preview", a, http.StatusBadGateway, "ne répond pas bien")
	w.looked(t, 1, 0)
	if strings.Contains(a.Body, "98\u202f765") {
		t.Error("the amount of another month is shown")
	}
}

func TestNoMoreIsAskedOfFranceConnectThanThePageCouldShow(t *testing.T) {
	cases := map[string]struct {
		at   func(w *world, b *webtest.Browser) string
		want []string
	}{
		"the home page": {func(*world, *webtest.Browser) string { return "" }, nil},
		"somebody else's request": {func(w *world, _ *webtest.Browser) string {
			return w.open(webtest.NewBrowser(w.t), w.Push())
		}, nil},
		"no such request": {func(*world, *webtest.Browser) string { return "/requests/AAAAAAAAAAAAAAAAAAAAAA" }, nil},
		"a request of children": {func(w *world, b *webtest.Browser) string {
			p := w.Push()
			p.Details.Groups = []consent.DataGroup{consent.GroupEnfants}
			return w.open(b, p)
		}, []string{"cnaf_enfants"}},
		"a request that is over": {func(w *world, b *webtest.Browser) string {
			path := w.open(b, w.Push())
			w.Clock.Advance(time.Hour)
			return path
		}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, b := newWorld(t), webtest.NewBrowser(t)
			id := strings.TrimPrefix(c.at(w, b), "/requests/")
			b.Get(w.base+"/sign-in?"+url.Values{"request": {id}}.Encode(), webtest.Stop)
			if len(w.provider.asked) != 1 || !slices.Equal(w.provider.asked[0], c.want) {
				t.Errorf("asked for %v", w.provider.asked)
			}
		})
	}
}

// A scope that the operator is not entitled to is never asked: FranceConnect would refuse
// the sign-in. What the others open is not asked either, since the page could not use it.
func TestAScopeThatTheOperatorMayNotAskIsNotAsked(t *testing.T) {
	w, b := entitledTo(t, "cnaf_quotient_familial"), webtest.NewBrowser(t)
	w.granted(bothScopes)
	path, _ := w.questioned(b)
	expect(t, "preview", b.Post(w.base+path+"/preview", nil), 200, "98\u202f765", "Zoe PETIT")
	if w.looked(t, 0, 1); len(w.provider.asked) != 1 || w.provider.asked[0] != nil {
		t.Errorf("asked for %v", w.provider.asked)
	}
}

// An operator who is not entitled, or no more, has citizens all the same.
func TestWhoMayNotAskForDataSignsPeopleInWithout(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	w.granted(bothScopes)
	w.provider.refuseData = true
	path, page := w.questioned(b)
	expect(t, "signed in", page, 200, "Voir mes données avant de décider")
	if len(w.provider.asked) != 2 || w.provider.asked[1] != nil || !strings.Contains(w.logs.String(), "not entitled") {
		t.Errorf("asked for %v", w.provider.asked)
	}
	expect(t, "preview", b.Post(w.base+path+"/preview", nil), 200, "98\u202f765")
	w.looked(t, 0, 1)
}

// Every look is in the evidence and in the history, also one that showed nothing; what
// was refused before anybody was asked is in neither.
func TestALookIsRecordedAndInTheHistory(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	w.granted(bothScopes)
	path, _ := w.questioned(b)
	b.Post(w.base+path+"/preview", nil)
	w.source.err = &consent.ProviderFault{Outcome: consent.TimedOut}
	for range 6 {
		b.Post(w.base+path+"/preview", nil)
	}
	var looks []consent.LedgerEntry
	for _, e := range w.Memory.Ledger() {
		if e.Kind == consent.EntryPreview {
			looks = append(looks, e)
		}
	}
	w.looked(t, 1, 5)
	if len(looks) != 6 || looks[0].Subject != w.Viewer.Subject || "/requests/"+looks[0].RequestID != path || looks[0].ClientID != w.Client.ID {
		t.Errorf("%d looks: %+v", len(looks), looks)
	}
	history := b.Get(w.base + "/history")
	expect(t, "history", history, 200, "Vous avez regardé les données demandées")
	if n := strings.Count(history.Body, "Vous avez regardé"); n != 6 {
		t.Errorf("%d looks in the history", n)
	}
}

func TestWithoutARecordNobodyIsAsked(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, _ := w.questioned(b)
	w.Memory.Fail(errors.New("the database is away"))
	if a := b.Post(w.base+path+"/preview", nil); a.Status < 500 {
		t.Errorf("%d", a.Status)
	}
	w.looked(t, 0, 0)
}

// Early in a month the CAF has not published it: the citizen is told so, and shown the
// month before if they like, under its name.
func TestAMonthThatIsNotPublishedYet(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	w.Clock.Advance(time.Date(2026, time.December, 2, 10, 0, 0, 0, consent.Paris).Sub(w.Clock.Now()))
	path, _ := w.questioned(b)
	w.source.err = &consent.ProviderFault{Outcome: consent.NoFile, Status: 404, Code: "23003"}
	a := b.Post(w.base+path+"/preview", nil)
	expect(t, "early", a, 200, "n’a pas encore publié décembre 2026", "à partir du 7 décembre 2026", "Voir mes données : novembre 2026", `name="month" value="2026-11"`)
	if strings.Contains(a.Body, "Aucun dossier") {
		t.Error("it says that there is no file")
	}
	w.source.err = nil
	expect(t, "the month before", b.Post(w.base+path+"/preview", url.Values{"month": {"2026-11"}}), 200, "Données de novembre 2026")
	for _, month := range []string{"2026-10", "2027-01", "novembre"} {
		if a := b.Post(w.base+path+"/preview", url.Values{"month": {month}}); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", month, a.Status)
		}
	}
	w.looked(t, 0, 2)
	for name, fault := range map[string]*consent.ProviderFault{
		"of the MSA": {Outcome: consent.NoFile, Status: 404, Code: "10003"}, "of no fund": {Outcome: consent.NoFile, Status: 404, Code: "35003"},
	} {
		w.source.err = fault
		expect(t, name, b.Post(w.base+path+"/preview", nil), 200, "Aucun dossier")
	}
	w.Clock.Advance(6 * 24 * time.Hour)
	b = webtest.NewBrowser(t)
	path, _ = w.questioned(b)
	w.source.err = &consent.ProviderFault{Outcome: consent.NoFile, Status: 404, Code: "23003"}
	expect(t, "after the first weekend", b.Post(w.base+path+"/preview", nil), 200, "Aucun dossier")
}
