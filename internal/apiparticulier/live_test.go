package apiparticulier_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
	fcstub "portail.example/internal/sandbox/franceconnect"
	"portail.example/internal/sandbox/openid"
	"portail.example/internal/sandbox/openid/openidtest"
)

var cnaf = []string{"cnaf_quotient_familial", "cnaf_allocataires", "cnaf_enfants", "cnaf_adresse"}

var october = november.Before()

// liveWorld is the client before both stand-ins, which meet over HTTP.
type liveWorld struct {
	*world
	fc *fcstub.Server
}

func newLiveWorld(t *testing.T, change ...func(*apiparticulier.Config)) *liveWorld {
	t.Helper()
	w := &liveWorld{world: &world{gate: consenttest.NewGate(), clock: consenttest.NewClock()}}
	fc, api := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	issuer := "http://" + fc.Listener.Addr().String() + "/api/v2"
	w.base = "http://" + api.Listener.Addr().String()
	w.stub = stub.New(stub.Config{
		Now: w.clock.Now, Tokens: map[string]stub.Habilitation{habilitation: {Scopes: cnaf}},
		FranceConnect: &stub.FranceConnect{Issuer: issuer, ClientID: "api", Secret: "s"},
	})
	var err error
	w.fc, err = fcstub.New(fcstub.Config{
		Issuer: issuer, Now: w.clock.Now, Clients: []fcstub.Client{{ID: "portail", EntityID: "portail"}},
		Providers: []fcstub.DataProvider{{ID: "api", Secret: "s", JWKSURI: w.base + "/jwks", Scopes: cnaf}},
	})
	if err != nil {
		t.Fatal(err)
	}
	fc.Config.Handler, api.Config.Handler = w.fc, w.stub
	for _, server := range []*httptest.Server{fc, api} {
		server.Start()
		t.Cleanup(server.Close)
	}
	cfg := w.config(w.base, habilitation)
	for _, c := range change {
		c(&cfg)
	}
	w.Client = apiparticulier.New(cfg)
	return w
}

// token is what a citizen's sign-in gave.
func (w *liveWorld) token(citizen string, scopes ...string) consent.LiveToken {
	return consent.NewLiveToken(w.fc.Grant("portail", citizen, append([]string{"openid"}, scopes...)...), "openid "+strings.Join(scopes, " "), time.Minute, w.clock.Now())
}

func (w *liveWorld) ask(ctx context.Context, token consent.LiveToken, month consent.Period) (consent.ProviderAnswer, error) {
	return w.AskLive(ctx, asking(consent.PivotIdentity{}, month), token)
}

func TestFranceConnectSaysWhoItIs(t *testing.T) {
	w := newLiveWorld(t)
	answer, err := w.ask(t.Context(), w.token("jeanne", cnaf...), november)
	if err != nil || answer.Period != november || len(answer.Data) != 4 {
		t.Fatalf("%v, %d groups, %v", answer.Period, len(answer.Data), err)
	}
	call := w.stub.Calls()[0]
	if call.Path != "/v3/dss/quotient_familial/france_connect" || call.Query.Encode() != "annee=2026&mois=11&recipient="+string(recipient) {
		t.Errorf("%+v", call)
	}
	if answer, err = w.ask(t.Context(), w.token("jeanne", "cnaf_enfants"), november); err != nil || len(answer.Data) != 1 || answer.Data["enfants"] == nil {
		t.Errorf("one scope: %d groups, %v", len(answer.Data), err)
	}
}

// Row by row: what may go wrong on the way through FranceConnect, what the citizen is
// told (Proof), and whether the same may be asked by identity instead.
func TestFaultsOnTheWayThroughFranceConnect(t *testing.T) {
	says := func(code string) func(*liveWorld) {
		return func(w *liveWorld) { w.stub.Misbehave(stub.Mischief{Code: code}) }
	}
	tells := func(change func(map[string]any)) func(*liveWorld) {
		return func(w *liveWorld) {
			w.fc.Misbehave(openid.Mischief{Introspection: func(claims map[string]any) { change(claims["token_introspection"].(map[string]any)) }})
		}
	}
	cases := map[string]struct {
		arrange    func(*liveWorld)
		outcome    consent.Outcome
		code       string
		proof      consent.Proof
		byIdentity bool
		tries      int
	}{
		"malformed":                   {says("51501"), consent.Failed, "51501", consent.ProofStale, false, 1},
		"revoked or over":             {tells(openidtest.Set("active", false)), consent.Failed, "51502", consent.ProofStale, false, 1},
		"missing":                     {says("51504"), consent.Failed, "51504", consent.ProofStale, false, 1},
		"without the pivot identity":  {says("51503"), consent.Failed, "51503", consent.ProofPartial, false, 1},
		"half an identity":            {tells(openidtest.Set("birthcountry", "")), consent.NotIdentified, "51564", consent.ProofPartial, false, 1},
		"no scope of this provider":   {tells(openidtest.Set("scope", "")), consent.Failed, "00100", "", true, 1},
		"FranceConnect fails":         {func(w *liveWorld) { w.fc.Misbehave(openid.Mischief{CheckStatus: 500}) }, consent.Failed, "51000", "", true, 1},
		"FranceConnect is silent":     {says("51002"), consent.TimedOut, "51002", "", true, 1},
		"FranceConnect in overhaul":   {says("51020"), consent.Busy, "51020", "", true, 1},
		"too many of this address":    {says("00429"), consent.Busy, "00429", "", true, 1},
		"two at one instant, twice":   {says("00015"), consent.Busy, "00015", "", true, 2},
		"no file":                     {says("23003"), consent.NoFile, "23003", "", false, 1},
		"nobody":                      {says("35560"), consent.NotIdentified, "35560", "", false, 1},
		"the fund fails":              {says("35000"), consent.Failed, "35000", "", false, 1},
		"the fund is away":            {says("35001"), consent.Failed, "35001", "", false, 2},
		"the fund is silent":          {says("35002"), consent.TimedOut, "35002", "", false, 1},
		"the fund in overhaul":        {says("35020"), consent.Busy, "35020", "", false, 1},
		"another month, again":        {func(w *liveWorld) { w.stub.Misbehave(stub.Mischief{WrongMonth: true}) }, "", "", "", false, 2},
		"reset":                       {func(w *liveWorld) { w.stub.Misbehave(stub.Mischief{Reset: true}) }, consent.Failed, "", "", false, 1},
		"not JSON":                    {func(w *liveWorld) { w.stub.Misbehave(stub.Mischief{Garbage: true}) }, consent.Failed, "", "", false, 1},
		"a proxy's page":              {func(w *liveWorld) { w.stub.Misbehave(stub.Mischief{Status: 502}) }, consent.Failed, "", "", false, 1},
		"two at one instant, one try": {func(w *liveWorld) { w.stub.Misbehave(stub.Mischief{Code: "00015", Times: 1}) }, "", "", "", false, 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newLiveWorld(t)
			token := w.token("jeanne", cnaf...)
			c.arrange(w)
			_, err := w.ask(t.Context(), token, november)
			if calls := len(w.stub.Calls()); calls != c.tries {
				t.Errorf("%d calls", calls)
			}
			if consent.ByIdentity(err) != c.byIdentity {
				t.Errorf("by identity: %v", err)
			}
			if c.outcome == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			f := fault(t, err)
			if f.Outcome != c.outcome || f.Code != c.code || f.Proof != c.proof {
				t.Errorf("%v, proof %q", f, f.Proof)
			}
			for e := error(f); e != nil; e = errors.Unwrap(e) {
				if strings.Contains(e.Error(), token.Token) {
					t.Error("the token is in the error")
				}
			}
		})
	}
}

func TestATokenThatIsOverIsNotSent(t *testing.T) {
	w := newLiveWorld(t)
	token := w.token("jeanne", cnaf...)
	w.clock.Advance(55 * time.Second)
	_, err := w.ask(t.Context(), token, november)
	if f := fault(t, err); f.Proof != consent.ProofStale || len(w.stub.Calls()) != 0 {
		t.Errorf("%v after %d calls", f, len(w.stub.Calls()))
	}
}

func TestNoSecondTryWithATokenThatIsOver(t *testing.T) {
	w := newLiveWorld(t)
	token := w.token("jeanne", cnaf...)
	w.stub.Misbehave(stub.Mischief{Code: "00015", Before: func() { w.clock.Advance(54*time.Second + 900*time.Millisecond) }})
	_, err := w.ask(t.Context(), token, november)
	if f := fault(t, err); f.Code != "00015" || len(w.stub.Calls()) != 1 {
		t.Errorf("%v after %d calls", f, len(w.stub.Calls()))
	}
}

// The real cache of API Particulier, as the stand-in has it: a second month within a day
// comes with the first one's values unless it is gone past.
func TestTheCacheThatForgetsTheMonthIsGonePast(t *testing.T) {
	w := newLiveWorld(t)
	for _, month := range []consent.Period{november, october} {
		if answer, err := w.ask(t.Context(), w.token("jeanne", cnaf...), month); err != nil || answer.Period != month {
			t.Errorf("%v: %v, %v", month, answer.Period, err)
		}
	}
	calls := w.stub.Calls()
	if len(calls) != 3 || calls[1].NoCache || !calls[2].NoCache {
		t.Errorf("%+v", calls)
	}
}

// Two people at one instant: API Particulier would refuse the second, so it waits here.
func TestTwoPeopleAtOneInstantTakeTurns(t *testing.T) {
	w := newLiveWorld(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	w.stub.Misbehave(stub.Mischief{Times: 1, Before: func() { close(arrived); <-release }})
	var both sync.WaitGroup
	errs := make([]error, 2)
	both.Go(func() { _, errs[0] = w.ask(t.Context(), w.token("jeanne", cnaf...), november) })
	<-arrived
	var waiting sync.WaitGroup
	waiting.Add(1)
	second := boarding{t.Context(), &sync.Once{}, &waiting}
	both.Go(func() { _, errs[1] = w.ask(second, w.token("angela", cnaf...), november) })
	waiting.Wait()
	if _, err := w.ask(t.Context(), w.token("pierre", cnaf...), october); err != nil {
		t.Errorf("another month waits too: %v", err)
	}
	close(release)
	both.Wait()
	if errors.Join(errs...) != nil || len(w.waits) != 0 || len(w.stub.Calls()) != 3 {
		t.Errorf("%v, %v, %d calls", errs, w.waits, len(w.stub.Calls()))
	}
}

// Whoever waits too long for their turn is told so, and may be asked for by identity.
func TestATurnIsNotWaitedForLong(t *testing.T) {
	w := newLiveWorld(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	w.stub.Misbehave(stub.Mischief{Times: 1, Before: func() { close(arrived); <-release }})
	var first sync.WaitGroup
	first.Go(func() { _, _ = w.ask(t.Context(), w.token("jeanne", cnaf...), november) })
	<-arrived
	w.guard.Lock()
	w.atOnce = 2 * time.Second
	w.guard.Unlock()
	_, err := w.ask(t.Context(), w.token("angela", cnaf...), november)
	if f := fault(t, err); f.Refusal != consent.ProviderBusy || !consent.ByIdentity(err) {
		t.Error(f)
	}
	close(release)
	first.Wait()
}

// Two instances share one budget: no minute and no hour sees more calls than API
// Particulier allows an address, and calls by identity go on.
func TestTheBudgetOfAddressesIsSharedByAllInstances(t *testing.T) {
	w := newLiveWorld(t)
	other := apiparticulier.New(w.config(w.base, habilitation))
	admitted, minute := 0, 0
	for second := range 3600 {
		if second%60 == 0 {
			if minute > 30 {
				t.Errorf("%d calls in a minute", minute)
			}
			minute = 0
		}
		for _, client := range []*apiparticulier.Client{w.Client, other} {
			_, err := client.AskLive(t.Context(), asking(consent.PivotIdentity{}, november), consent.LiveToken{Token: "x", Until: w.clock.Now().Add(time.Minute)})
			if f := fault(t, err); f.Refusal == "" && f.Code == "51501" {
				admitted, minute = admitted+1, minute+1
			} else if f.Refusal != consent.ProviderBusy || !consent.ByIdentity(err) {
				t.Fatalf("second %d: %v", second, f)
			}
		}
		w.clock.Advance(time.Second)
	}
	if admitted < 490 || admitted > 512 {
		t.Errorf("%d calls in an hour", admitted)
	}
	if _, err := w.Ask(t.Context(), asking(jeanne(), november)); err != nil {
		t.Errorf("by identity: %v", err)
	}
}

// When FranceConnect fails again and again its way is closed, and only its.
func TestFranceConnectHasACircuitOfItsOwn(t *testing.T) {
	w := newLiveWorld(t)
	w.fc.Misbehave(openid.Mischief{CheckStatus: 500})
	for range 5 {
		_, _ = w.ask(t.Context(), w.token("jeanne", cnaf...), november)
	}
	_, err := w.ask(t.Context(), w.token("jeanne", cnaf...), november)
	if f := fault(t, err); f.Refusal != consent.ProviderDown || !consent.ByIdentity(err) {
		t.Error(f)
	}
	if _, err := w.Ask(t.Context(), asking(jeanne(), november)); err != nil {
		t.Errorf("by identity: %v", err)
	}
}
