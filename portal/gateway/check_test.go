package gateway_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/portal/gateway"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// checked is a world whose only room is the check, with a consent for the provider.
type checked struct {
	*world
	issued consent.Issuance
	bearer string
}

func newChecked(t *testing.T, mode consent.AccessMode) checked {
	t.Helper()
	w := newWorld(t)
	check := gateway.NewCheck(gateway.CheckConfig{Service: w.Service, Rates: web.NewLimiter(web.RateOf(2), w.Clock.Now), VerifierFor: func(audience, _ string) (gateway.Verifier, error) {
		return token.NewVerifier(token.Config{Issuer: issuer, Audience: audience, Keys: w.key, Now: w.Clock.Now})
	}})
	w.base = webtest.Serve(t, webtest.Silent(), webtest.Site(t, w.Memory, w.Clock.Now), w.Clock.Now, check).URL
	push := w.PushTo(consenttest.Provider())
	push.Details.Access = mode
	issued := w.Issued(t, push)
	claims := w.claims(issued)
	claims.Audience = consenttest.Provider().Provider.Audience
	return checked{w, issued, w.mint(claims)}
}

// ask calls the check as a good proxy does, with the headers changed: an empty one is left out.
func (k checked) ask(query string, change map[string]string) reply {
	k.t.Helper()
	request, err := http.NewRequestWithContext(k.t.Context(), http.MethodGet, k.base+"/data/check"+query, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	request.SetBasicAuth(consenttest.Provider().ID, consenttest.Secret)
	request.Header.Set("X-Provider-Authorization", request.Header.Get("Authorization"))
	for name, value := range map[string]string{"Authorization": "Bearer " + k.bearer, "X-Original-Method": "GET", "X-Original-Uri": "/v1/quotient?x=1"} {
		request.Header.Set(name, value)
	}
	for name, value := range change {
		request.Header.Set(name, value)
		if value == "" {
			request.Header.Del(name)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		k.t.Fatal(err)
	}
	_ = response.Body.Close()
	return reply{status: response.StatusCode, header: response.Header}
}

func TestACheckSaysWhatWasGrantedAndIsRecorded(t *testing.T) {
	k := newChecked(t, consent.Continuous)
	r := k.ask("", map[string]string{"X-Agent-Id": "agent-4812"})
	want := map[string]string{
		"X-Consent-Subject": k.issued.Grant.Sub, "X-Consent-Grant": k.issued.Grant.ID, "X-Consent-Datatypes": "quotient_familial enfants",
		"X-Consent-Purpose": k.issued.Grant.Details.Purpose, "X-Consent-Recipient": string(k.issued.Grant.Details.Recipient), "Cache-Control": "no-store",
	}
	for name, value := range want {
		if r.status != http.StatusOK || r.header.Get(name) != value {
			t.Errorf("%d, %s: %q, want %q", r.status, name, r.header.Get(name), value)
		}
	}
	if a := k.last(); a.Outcome != consent.Verified || a.ProviderID != consenttest.Provider().ID || a.By.Agent != "agent-4812" {
		t.Errorf("recorded %+v", a)
	}
	for name, values := range r.header {
		if strings.Contains(strings.Join(values, " "), consenttest.Angela().Identity.FamilyName) {
			t.Errorf("%s tells who it is", name)
		}
	}
	k.Clock.Advance(time.Second)
	if r := k.ask("?datatypes=quotient_familial", nil); r.header.Get("X-Consent-Datatypes") != "quotient_familial" || len(k.last().Groups) != 1 {
		t.Errorf("one group: %d, recorded %v", r.status, k.last().Groups)
	}
}

// 401 and 403 are what a proxy passes on; whatever else is its own fault or ours.
func TestChecksThatAreRefused(t *testing.T) {
	k := newChecked(t, consent.Continuous)
	elsewhere := k.mint(k.claims(k.issued))
	cases := map[string]struct {
		query     string
		change    map[string]string
		status    int
		challenge string
	}{
		"no token":                {"", map[string]string{"Authorization": ""}, 401, "Bearer"},
		"rubbish":                 {"", map[string]string{"Authorization": "Bearer x"}, 401, `Bearer error="invalid_token"`},
		"another audience":        {"", map[string]string{"Authorization": "Bearer " + elsewhere}, 401, `Bearer error="invalid_token"`},
		"another scheme":          {"", map[string]string{"Authorization": "Basic eDp5"}, 401, `Bearer error="invalid_request"`},
		"a token in the URL":      {"", map[string]string{"X-Original-Uri": "/v1/quotient?access_token=x"}, 401, `Bearer error="invalid_request"`},
		"a group not granted":     {"?datatypes=adresse", nil, 403, `Bearer error="insufficient_scope"`},
		"an agent with a name":    {"", map[string]string{"X-Agent-Id": "Bertin, L."}, 403, ""},
		"no provider":             {"", map[string]string{"X-Provider-Authorization": ""}, 400, ""},
		"a wrong secret":          {"", map[string]string{"X-Provider-Authorization": "Basic Zm91cm5pc3NldXItYWlkZXM6eA=="}, 400, ""},
		"an unknown provider":     {"", map[string]string{"X-Provider-Authorization": "Basic eDp5"}, 400, ""},
		"no method":               {"", map[string]string{"X-Original-Method": ""}, 400, ""},
		"a method that is none":   {"", map[string]string{"X-Original-Method": "GET /"}, 400, ""},
		"no address":              {"", map[string]string{"X-Original-Uri": ""}, 400, ""},
		"an address of elsewhere": {"", map[string]string{"X-Original-Uri": "https://aides.example/v1"}, 400, ""},
		"an unknown group":        {"?datatypes=salaire", nil, 400, ""},
		"an unknown parameter":    {"?" + url.Values{"x": {"1"}}.Encode(), nil, 400, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := k.ask(c.query, c.change)
			if got := r.header.Get("WWW-Authenticate"); r.status != c.status || !strings.HasPrefix(got, c.challenge) || (c.challenge == "") != (got == "") {
				t.Errorf("%d %q", r.status, got)
			}
		})
	}
	if list, err := k.Store.Accesses(t.Context(), k.Viewer.Subject, "", consent.Access{}, 1); err != nil || len(list) != 0 {
		t.Errorf("recorded %v, %v", list, err)
	}
}

// One provider that checks without end keeps no other waiting.
func TestAProviderThatChecksTooMuchIsToldWhenToComeBack(t *testing.T) {
	k := newChecked(t, consent.Continuous)
	for range 20 {
		if r := k.ask("", nil); r.status != http.StatusOK {
			t.Fatalf("too soon: %d", r.status)
		}
	}
	if r := k.ask("", nil); r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "1" {
		t.Errorf("%d %v", r.status, r.header)
	}
	k.Clock.Advance(time.Second)
	if r := k.ask("", nil); r.status != http.StatusOK {
		t.Errorf("a second later: %d", r.status)
	}
}

func TestAProviderThatIsSuspendedChecksNothing(t *testing.T) {
	k := newChecked(t, consent.Continuous)
	suspended := consenttest.Provider()
	suspended.Suspended = true
	if err := k.Memory.PutClient(t.Context(), suspended); err != nil {
		t.Fatal(err)
	}
	if r := k.ask("", nil); r.status != http.StatusBadRequest {
		t.Errorf("%d", r.status)
	}
}

func TestAOnceConsentIsCheckedOnceAndAWithdrawnOneNever(t *testing.T) {
	k := newChecked(t, consent.Once)
	if first, second := k.ask("", nil), k.ask("", nil); first.status != http.StatusOK || second.status != http.StatusUnauthorized {
		t.Errorf("%d, then %d", first.status, second.status)
	}
	k = newChecked(t, consent.Continuous)
	if _, err := k.Service.Withdraw(t.Context(), k.Viewer.Subject, k.issued.Grant.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	if r := k.ask("", nil); r.status != http.StatusUnauthorized || k.last().Outcome != consent.Refused {
		t.Errorf("%d, recorded as %s", r.status, k.last().Outcome)
	}
}

// A proxy proves its provider with a secret: one that is registered for keys has none that
// counts, whatever an earlier registration left.
func TestAProviderWithKeysDoesNotCheckWithASecret(t *testing.T) {
	k := newChecked(t, consent.Continuous)
	keyed := consenttest.Provider()
	keyed.AuthMethod = consent.PrivateKeyJWT
	if err := k.Memory.PutClient(t.Context(), keyed); err != nil {
		t.Fatal(err)
	}
	if r := k.ask("", nil); r.status != http.StatusBadRequest {
		t.Errorf("%d", r.status)
	}
}
