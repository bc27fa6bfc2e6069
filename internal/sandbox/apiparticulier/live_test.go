package apiparticulier_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/sandbox/apiparticulier"
	"portail.example/internal/sandbox/franceconnect"
	"portail.example/internal/sandbox/openid"
	"portail.example/internal/sandbox/openid/openidtest"
)

const (
	path    = "/v3/dss/quotient_familial/france_connect"
	asked   = "?recipient=21990012300015&annee=2026&mois=11"
	october = "?recipient=21990012300015&annee=2026&mois=10"
)

var cnaf = []string{"cnaf_quotient_familial", "cnaf_allocataires", "cnaf_enfants", "cnaf_adresse"}

// pair is both stand-ins, each on a server of its own: they meet over HTTP only.
type pair struct {
	t     *testing.T
	fc    *franceconnect.Server
	api   *apiparticulier.Server
	clock *consenttest.Clock
	base  string
	// tokens are those of habilitations, which are read at each call.
	tokens map[string]apiparticulier.Habilitation
}

func newPair(t *testing.T, change ...func(*apiparticulier.FranceConnect)) *pair {
	t.Helper()
	p := &pair{t: t, clock: consenttest.NewClock(), tokens: map[string]apiparticulier.Habilitation{}}
	fc, api := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	issuer := "http://" + fc.Listener.Addr().String() + "/api/v2"
	p.base = "http://" + api.Listener.Addr().String()
	settings := apiparticulier.FranceConnect{Issuer: issuer, ClientID: "api", Secret: "api-secret"}
	for _, c := range change {
		c(&settings)
	}
	p.api = apiparticulier.New(apiparticulier.Config{Now: p.clock.Now, Tokens: p.tokens, FranceConnect: &settings})
	var err error
	p.fc, err = franceconnect.New(franceconnect.Config{
		Issuer: issuer, Now: p.clock.Now, Clients: []franceconnect.Client{{ID: "portail", EntityID: "portail"}},
		Providers: []franceconnect.DataProvider{{ID: "api", Secret: "api-secret", JWKSURI: p.base + "/jwks", Scopes: known()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	fc.Config.Handler, api.Config.Handler = p.fc, p.api
	for _, server := range []*httptest.Server{fc, api} {
		server.Start()
		t.Cleanup(server.Close)
	}
	return p
}

// answer is what the caller reads.
type answer struct {
	status int
	header http.Header
	Data   map[string]json.RawMessage
	Errors []struct{ Code string }
}

func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Code
}

// known are the scopes that FranceConnect has of this provider.
func known() []string {
	return append(consent.LiveScopes(), "mesri_identite", "mesri_admission_commune_etudes", "mesri_admission_etablissement_etude", "cnous_identite", "cnous_email")
}

func (p *pair) get(query, token string, header ...string) answer {
	return p.getAt(path, query, token, header...)
}

func (p *pair) getAt(path, query, token string, header ...string) (out answer) {
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+path+query, nil)
	if err != nil {
		p.t.Error(err)
		return out
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if len(header) == 2 {
		request.Header.Set(header[0], header[1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Error(err)
		return out
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&out); err != nil {
		p.t.Error(err)
	}
	out.status, out.header = response.StatusCode, response.Header
	return out
}

func (p *pair) grant(citizen string, scopes ...string) string {
	return p.fc.Grant("portail", citizen, append([]string{"openid"}, scopes...)...)
}

func TestScopesOfTheTokenOpenTheKeys(t *testing.T) {
	p := newPair(t)
	for name, scopes := range map[string][]string{"all": cnaf, "children": {"cnaf_enfants"}, "none": nil} {
		a := p.get(asked, p.grant("jeanne", scopes...))
		if len(scopes) == 0 {
			if a.status != 403 || a.code() != "00100" {
				t.Errorf("%s: %d %s", name, a.status, a.code())
			}
			continue
		}
		if a.status != 200 || len(a.Data) != len(scopes) || a.Data["enfants"] == nil {
			t.Errorf("%s: %d %s, %d keys", name, a.status, a.code(), len(a.Data))
		}
	}
}

func TestATokenThatIsNotGoodIsRefusedWithItsCode(t *testing.T) {
	cases := map[string]struct {
		arrange func(p *pair, token string) string
		status  int
		code    string
	}{
		"absent":      {func(*pair, string) string { return "" }, 401, "51504"},
		"odd":         {func(*pair, string) string { return "short" }, 401, "51501"},
		"unknown":     {func(*pair, string) string { return strings.Repeat("x", 43) }, 401, "51502"},
		"a minute on": {func(p *pair, token string) string { p.clock.Advance(time.Minute); return token }, 401, "51502"},
		"no identity": {func(p *pair, token string) string {
			p.tell(func(known map[string]any) {
				for _, name := range []string{"family_name", "given_name_array", "birthdate"} {
					delete(known, name)
				}
			})
			return token
		}, 401, "51503"},
		"half of it":            {func(p *pair, token string) string { p.tell(openidtest.Set("birthdate", "")); return token }, 422, "51564"},
		"inactive":              {func(p *pair, token string) string { p.tell(openidtest.Set("active", false)); return token }, 401, "51502"},
		"FranceConnect is down": {func(p *pair, token string) string { p.fc.Misbehave(openid.Mischief{CheckStatus: 503}); return token }, 502, "51000"},
		"another audience": {func(p *pair, token string) string {
			p.fc.Misbehave(openid.Mischief{Introspection: openidtest.Set("aud", "other")})
			return token
		}, 502, "51000"},
		"another issuer": {func(p *pair, token string) string {
			p.fc.Misbehave(openid.Mischief{Introspection: openidtest.Set("iss", "https://evil")})
			return token
		}, 502, "51000"},
		"an old answer": {func(p *pair, token string) string {
			p.fc.Misbehave(openid.Mischief{Introspection: openidtest.Set("iat", p.clock.Now().Add(-time.Hour).Unix())})
			return token
		}, 502, "51000"},
		"not encrypted": {func(p *pair, token string) string {
			p.fc.Misbehave(openid.Mischief{Seal: func(raw string) (string, bool) { return raw, true }})
			return token
		}, 502, "51000"},
		"signed by somebody else": {func(p *pair, token string) string {
			p.fc.Misbehave(openid.Mischief{Sign: openidtest.SignWith(p.t, jose.HS256, []byte(strings.Repeat("k", 32)), "")})
			return token
		}, 502, "51000"},
		"not signed": {func(p *pair, token string) string {
			p.fc.Misbehave(openid.Mischief{Sign: openidtest.Unsigned})
			return token
		}, 502, "51000"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			if a := p.get(asked, c.arrange(p, p.grant("jeanne", cnaf...))); a.status != c.status || a.code() != c.code || a.Data != nil {
				t.Errorf("%d %s", a.status, a.code())
			}
		})
	}
}

// tell changes what FranceConnect says of tokens.
func (p *pair) tell(change func(map[string]any)) {
	p.fc.Misbehave(openid.Mischief{Introspection: func(claims map[string]any) { change(claims["token_introspection"].(map[string]any)) }})
}

func TestParametersAreCheckedAsByIdentity(t *testing.T) {
	p := newPair(t)
	for query, code := range map[string]string{"?annee=2026&mois=11": "00203", "?recipient=123": "00210", "?recipient=21990012300015&annee=2026&mois=12": "00354", "?recipient=21990012300015&annee=2024&mois=11": "00355"} {
		if a := p.get(query, p.grant("jeanne", cnaf...)); a.status != 422 || a.code() != code {
			t.Errorf("%s: %d %s", query, a.status, a.code())
		}
	}
}

// The cache leaves out the month: who asks for another one within a day gets the first,
// unless they go past it.
func TestTheCacheForgetsTheMonth(t *testing.T) {
	p := newPair(t)
	month := func(a answer) (m struct{ Annee, Mois int }) {
		_ = json.Unmarshal(a.Data["quotient_familial"], &m)
		return m
	}
	if a := p.get(asked, p.grant("jeanne", cnaf...)); month(a).Mois != 11 || a.header.Get("X-Response-Cached") != "false" {
		t.Fatalf("%+v", a)
	}
	trapped := p.get(october, p.grant("jeanne", cnaf...))
	if month(trapped).Mois != 11 || trapped.header.Get("X-Response-Cached") != "true" || trapped.header.Get("X-Cache-Expires-in") != "86400" {
		t.Errorf("no trap: %+v", trapped)
	}
	if a := p.get(october, p.grant("angela", cnaf...)); month(a).Mois != 10 {
		t.Errorf("somebody else: %+v", month(a))
	}
	if a := p.get(october, p.grant("jeanne", cnaf...), "Cache-Control", "no-cache"); month(a).Mois != 10 {
		t.Errorf("past the cache: %+v", month(a))
	}
	p.clock.Advance(24 * time.Hour)
	if a := p.get(asked, p.grant("jeanne", cnaf...)); month(a).Mois != 11 || a.header.Get("X-Response-Cached") != "false" {
		t.Errorf("a day later: %+v", month(a))
	}
	if a := p.get(asked, p.grant("alexis", cnaf...)); a.code() != "23003" {
		t.Errorf("no file: %s", a.code())
	}
}

// Two people who ask for the same recipient and month at one instant collide.
func TestTwoPeopleAtOneInstantCollide(t *testing.T) {
	p := newPair(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	p.api.Misbehave(apiparticulier.Mischief{Times: 1, Before: func() { close(arrived); <-release }})
	var first answer
	var waiting sync.WaitGroup
	waiting.Go(func() { first = p.get(asked, p.grant("jeanne", cnaf...)) })
	<-arrived
	if a := p.get(asked, p.grant("angela", cnaf...)); a.status != 409 || a.code() != "00015" {
		t.Errorf("%d %s", a.status, a.code())
	}
	if a := p.get(october, p.grant("angela", cnaf...)); a.status != 200 {
		t.Errorf("another month: %d %s", a.status, a.code())
	}
	close(release)
	waiting.Wait()
	if first.status != 200 {
		t.Errorf("the first: %d %s", first.status, first.code())
	}
}

func TestAnAddressIsHeldBack(t *testing.T) {
	p := newPair(t, func(fc *apiparticulier.FranceConnect) { fc.PerMinute, fc.PerHour = 3, 5 })
	var codes []string
	for i := range 8 {
		if i == 5 {
			p.clock.Advance(2 * time.Minute)
		}
		codes = append(codes, p.get(asked, "bad").code())
	}
	want := []string{"51501", "51501", "51501", "00429", "00429", "00429", "00429", "00429"}
	if !slices.Equal(codes, want) {
		t.Errorf("%v", codes)
	}
}

// FranceConnect tells a provider no more than is its own.
func TestCheckTokenRefusesWhatTheRealOneRefuses(t *testing.T) {
	for name, change := range map[string]func(*apiparticulier.FranceConnect){
		"a wrong secret":  func(fc *apiparticulier.FranceConnect) { fc.Secret = "wrong" },
		"nobody it knows": func(fc *apiparticulier.FranceConnect) { fc.ClientID = "other" },
	} {
		p := newPair(t, change)
		if a := p.get(asked, p.grant("jeanne", cnaf...)); a.status != 502 || a.code() != "51000" {
			t.Errorf("%s: %d %s", name, a.status, a.code())
		}
	}
}
