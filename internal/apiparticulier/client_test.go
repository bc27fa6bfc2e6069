package apiparticulier_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
)

const (
	habilitation = "token-of-the-habilitation"
	recipient    = consent.SIRET("21990012300015")
)

var november = consent.Period{Year: 2026, Month: time.November}

// world is the client in front of the stand-in.
type world struct {
	*apiparticulier.Client
	base  string
	stub  *stub.Server
	gate  *consenttest.Gate
	clock *consenttest.Clock
	stages
	mu    sync.Mutex
	waits []time.Duration
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{gate: consenttest.NewGate(), clock: consenttest.NewClock()}
	all := []string{"cnaf_quotient_familial", "cnaf_allocataires", "cnaf_enfants", "cnaf_adresse"}
	w.stub = stub.New(stub.Config{Now: w.clock.Now, Tokens: map[string]stub.Habilitation{
		habilitation: {Scopes: all}, "children": {Scopes: []string{"cnaf_enfants"}}, "nothing": {}, "revoked": {Scopes: all, Revoked: true},
	}})
	server := httptest.NewServer(w.stub)
	t.Cleanup(server.Close)
	w.base, w.Client = server.URL, w.client(server.URL, habilitation)
	return w
}

func (w *world) client(base, token string) *apiparticulier.Client {
	return apiparticulier.New(w.config(base, token))
}

func (w *world) config(base, token string) apiparticulier.Config {
	return apiparticulier.Config{BaseURL: base, Token: token, Gate: w.gate, Now: w.clock.Now, After: w.after, Wait: func(_ context.Context, d time.Duration) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.waits = append(w.waits, d)
		w.clock.Advance(d)
		return nil
	}}
}

func jeanne() consent.PivotIdentity {
	return consent.PivotIdentity{
		FamilyName: "ROUX", GivenNames: []string{"Jeanne", "Stéphanie"}, Birthdate: "1987-06-27", Gender: "female",
		Birthplace: "08480", Birthcountry: "99100", PreferredName: "MARTIN",
	}
}

// asking is the question that most tests put.
func asking(who consent.PivotIdentity, month consent.Period) consent.Question {
	return consent.Question{DataSet: consent.QuotientFamilial, Who: who, Recipient: recipient, Period: month}
}

func TestWhatIsSent(t *testing.T) {
	cases := map[string]struct {
		change func(*consent.PivotIdentity)
		want   url.Values
	}{
		"born in France": {func(*consent.PivotIdentity) {}, url.Values{}},
		"born abroad": {func(p *consent.PivotIdentity) { p.Birthplace, p.Birthcountry = "", "99404" },
			url.Values{"codeCogInseePaysNaissance": {"99404"}, "codeCogInseeCommuneNaissance": nil}},
		"Corsica":          {func(p *consent.PivotIdentity) { p.Birthplace = "2A004" }, url.Values{"codeCogInseeCommuneNaissance": {"2A004"}}},
		"four first names": {func(p *consent.PivotIdentity) { p.GivenNames = []string{"Anne Marie", "B", "C", "D"} }, url.Values{"prenoms[]": {"Anne Marie", "B", "C"}}},
		"unspecified":      {func(p *consent.PivotIdentity) { p.Gender = "unspecified" }, url.Values{"sexeEtatCivil": nil}},
		"a man":            {func(p *consent.PivotIdentity) { p.Gender = "male" }, url.Values{"sexeEtatCivil": {"M"}}},
		"odd characters": {func(p *consent.PivotIdentity) { p.FamilyName = " D’Œuvre  (née)–2 Ÿ" },
			url.Values{"nomNaissance": {"D'Œuvre née - Ÿ"}}},
		"unknown day": {func(p *consent.PivotIdentity) { p.Birthdate = "1987-06-00" }, url.Values{"jourDateNaissance": nil}},
		"unknown month": {func(p *consent.PivotIdentity) { p.Birthdate = "1987-00-12" },
			url.Values{"jourDateNaissance": nil, "moisDateNaissance": nil}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, who := newWorld(t), jeanne()
			c.change(&who)
			_, _ = w.Ask(t.Context(), asking(who, november))
			want := url.Values{
				"nomNaissance": {"ROUX"}, "prenoms[]": {"Jeanne", "Stéphanie"}, "sexeEtatCivil": {"F"},
				"anneeDateNaissance": {"1987"}, "moisDateNaissance": {"6"}, "jourDateNaissance": {"27"},
				"codeCogInseePaysNaissance": {"99100"}, "codeCogInseeCommuneNaissance": {"08480"},
				"recipient": {string(recipient)}, "annee": {"2026"}, "mois": {"11"},
			}
			for key, values := range c.want {
				want[key] = values
				if values == nil {
					delete(want, key)
				}
			}
			if diff := cmp.Diff(want, w.stub.Calls()[0].Query); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnAnswerIsPassedOnRaw(t *testing.T) {
	w := newWorld(t)
	answer, err := w.Ask(t.Context(), asking(jeanne(), november))
	if err != nil || answer.Period != november || answer.RequestID == "" || len(answer.Data) != 4 {
		t.Fatalf("%v, %v, %q, %d keys", err, answer.Period, answer.RequestID, len(answer.Data))
	}
	if raw := string(answer.Data["quotient_familial"]); !strings.Contains(raw, `"valeur":150`) || !strings.Contains(raw, `"fournisseur":"MSA"`) {
		t.Error(raw)
	}
}

func TestAMaskedAnswerHasNoMonth(t *testing.T) {
	w := newWorld(t)
	server := httptest.NewServer(w.stub)
	defer server.Close()
	answer, err := w.client(server.URL, "children").Ask(t.Context(), asking(jeanne(), november))
	if err != nil || len(answer.Data) != 1 || answer.Period != (consent.Period{}) {
		t.Errorf("%v, %d keys, %v", err, len(answer.Data), answer.Period)
	}
}

func fault(t *testing.T, err error) *consent.ProviderFault {
	t.Helper()
	var f *consent.ProviderFault
	if !errors.As(err, &f) {
		t.Fatalf("%v is not a fault of the provider", err)
	}
	return f
}

func TestFaults(t *testing.T) {
	cases := map[string]struct {
		mischief stub.Mischief
		outcome  consent.Outcome
		code     string
		tries    int
	}{
		"no file at CNAF":           {stub.Mischief{Code: "23003"}, consent.NoFile, "23003", 1},
		"no file at MSA":            {stub.Mischief{Code: "10003"}, consent.NoFile, "10003", 1},
		"period refused by fund":    {stub.Mischief{Code: "35565"}, consent.NoFile, "35565", 1},
		"nobody":                    {stub.Mischief{Code: "35560"}, consent.NotIdentified, "35560", 1},
		"our recipient is refused":  {stub.Mischief{Code: "00210"}, consent.Failed, "00210", 1},
		"collision, twice":          {stub.Mischief{Code: "00015"}, consent.Busy, "00015", 2},
		"collision, once":           {stub.Mischief{Code: "00015", Times: 1}, "", "", 2},
		"too many requests":         {stub.Mischief{Code: "00429"}, consent.Busy, "00429", 1},
		"maintenance":               {stub.Mischief{Code: "35020"}, consent.Busy, "35020", 1},
		"fund failure":              {stub.Mischief{Code: "35000"}, consent.Failed, "35000", 1},
		"fund away, once":           {stub.Mischief{Code: "35001", Times: 1}, "", "", 2},
		"network, told to wait":     {stub.Mischief{Code: "00501"}, consent.Failed, "00501", 1},
		"fund too slow":             {stub.Mischief{Code: "35002"}, consent.TimedOut, "35002", 1},
		"fund too slow, old family": {stub.Mischief{Code: "37002"}, consent.TimedOut, "37002", 1},
		"a proxy's 404":             {stub.Mischief{Status: 404}, consent.Failed, "", 1},
		"a proxy's 502":             {stub.Mischief{Status: 502}, consent.Failed, "", 1},
		"500":                       {stub.Mischief{Status: 500}, consent.Failed, "", 1},
		"204":                       {stub.Mischief{Status: 204}, consent.Failed, "", 1},
		"not JSON":                  {stub.Mischief{Garbage: true}, consent.Failed, "", 1},
		"broken off":                {stub.Mischief{Truncate: true}, consent.Failed, "", 1},
		"endless":                   {stub.Mischief{Huge: true}, consent.Failed, "", 1},
		"another type of answer":    {stub.Mischief{Body: "{}", Type: "text/plain"}, consent.Failed, "", 1},
		"a key twice":               {stub.Mischief{Body: `{"data":{"enfants":[],"enfants":[{}]}}`}, consent.Failed, "", 1},
		"a key in two cases":        {stub.Mischief{Body: `{"data":{"quotient_familial":{"annee":2026,"ANNEE":2025,"mois":11}}}`}, consent.Failed, "", 1},
		"nested without end":        {stub.Mischief{Body: `{"data":` + strings.Repeat("[", 1<<19)}, consent.Failed, "", 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.stub.Misbehave(c.mischief)
			_, err := w.Ask(t.Context(), asking(jeanne(), november))
			if calls := len(w.stub.Calls()); calls != c.tries || len(w.waits) != c.tries-1 {
				t.Errorf("%d tries with %v between them", calls, w.waits)
			}
			if c.outcome == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if f := fault(t, err); f.Outcome != c.outcome || f.Code != c.code {
				t.Errorf("got %v", f)
			}
		})
	}
}

func TestTheTokenIsRefused(t *testing.T) {
	w := newWorld(t)
	server := httptest.NewServer(w.stub)
	defer server.Close()
	for token, status := range map[string]int{"unknown": 401, "revoked": 401, "nothing": 403} {
		_, err := w.client(server.URL, token).Ask(t.Context(), asking(jeanne(), november))
		if f := fault(t, err); f.Outcome != consent.Failed || f.Status != status {
			t.Errorf("%s: %v", token, f)
		}
	}
}

func TestHowLongToWaitIsPassedOn(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{Code: "35020"})
	_, err := w.Ask(t.Context(), asking(jeanne(), november))
	if f := fault(t, err); f.RetryAfter != 300*time.Second || f.RequestID == "" {
		t.Errorf("retry after %v, request %q", f.RetryAfter, f.RequestID)
	}
}

func TestTheTokenNeverFollowsARedirect(t *testing.T) {
	var stolen int
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen++ }))
	defer thief.Close()
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{Redirect: thief.URL})
	_, err := w.Ask(t.Context(), asking(jeanne(), november))
	if f := fault(t, err); f.Status != http.StatusFound || f.Outcome != consent.Failed || stolen != 0 {
		t.Errorf("%v, %d visits", f, stolen)
	}
}

// The address of a call holds the identity, and Go's transport errors quote it.
func TestNoErrorNamesAnybody(t *testing.T) {
	w := newWorld(t)
	closed := httptest.NewServer(w.stub)
	closed.Close()
	for name, client := range map[string]*apiparticulier.Client{"nobody listens": w.client(closed.URL, habilitation), "reset": w.Client, "odd address": w.client("http://bad host", habilitation)} {
		w.stub.Misbehave(stub.Mischief{Reset: true})
		_, err := client.Ask(t.Context(), asking(jeanne(), november))
		for e := error(fault(t, err)); e != nil; e = errors.Unwrap(e) {
			if text := e.Error(); strings.Contains(text, "ROUX") || strings.Contains(text, "1987") || strings.Contains(text, habilitation) {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

func TestACancelledCallerIsNotWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.stub.Misbehave(stub.Mischief{Latency: time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Ask(ctx, asking(jeanne(), november)); fault(t, err).Outcome != consent.Failed {
		t.Error(err)
	}
}
