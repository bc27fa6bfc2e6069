package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"portail.example/cmd/portal/guard"
	"portail.example/cmd/portal/serve"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// behind is `portal gateway` in front of an API.
func behind(t *testing.T, j *journey, portal string, api string, change ...func(*guard.Config)) string {
	t.Helper()
	upstream, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	p := consenttest.Provider()
	cfg := guard.Config{
		Portal: portal, URL: "https://aides.example", Audience: p.Provider.Audience, ClientID: p.ID, Secret: serve.Secret{Plain: consenttest.Secret},
		Type: p.Provider.DataSet, Datatypes: []string{"quotient_familial"}, MaxBody: 10, MaxCalls: 16, Upstream: upstream,
	}
	for _, c := range change {
		c(&cfg)
	}
	handler, err := guard.New(cfg, webtest.Silent(), j.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestTheGatewayAsksBeforeAnExistingAPIAnswers(t *testing.T) {
	j := newJourney(t)
	withdrawn, good := delegatedTo(j)
	ours, _ := j.token("sophie")
	api := newExisting(t)
	address := behind(t, j, j.PortalURL, api.URL)
	forged := map[string]string{
		"Authorization": "Bearer " + good, "X-Consent-Subject": "forged", "X-Consent-Datatypes": "adresse", "X_consent_grant": "forged", "X-Consent-Other": "forged",
		"Connection": "X-Consent-Subject", "X-Provider-Authorization": "Basic eDp5",
	}
	if status, _ := guarded(t, http.DefaultClient, address, forged); status != http.StatusOK || len(api.called()) != 1 {
		t.Fatalf("%d, %d calls", status, len(api.called()))
	}
	got := api.called()[0]
	if sub := got.Get("X-Consent-Subject"); sub == "" || got.Get("X-Consent-Datatypes") != "quotient_familial" || got.Get("X-Consent-Recipient") != transportSIRET || strings.Contains(fmt.Sprint(got), "forged") {
		t.Errorf("the API was told %v", got)
	}
	if strings.Contains(fmt.Sprint(got), good) || got.Get("X-Provider-Authorization") != "" {
		t.Error("a secret reaches the API")
	}
	for what, authorization := range map[string]string{"withdrawn": "Bearer " + withdrawn, "another audience": "Bearer " + ours, "rubbish": "Bearer x"} {
		if status, challenge := guarded(t, http.DefaultClient, address, map[string]string{"Authorization": authorization}); status != http.StatusUnauthorized || !strings.HasPrefix(challenge, "Bearer") {
			t.Errorf("%s: %d %q", what, status, challenge)
		}
	}
	if status, challenge := guarded(t, http.DefaultClient, address, nil); status != http.StatusUnauthorized || challenge != "Bearer" {
		t.Errorf("no token: %d %q", status, challenge)
	}
	narrow := behind(t, j, j.PortalURL, api.URL, func(cfg *guard.Config) { cfg.Datatypes = []string{"quotient_familial", "enfants"} })
	if status, challenge := guarded(t, http.DefaultClient, narrow, map[string]string{"Authorization": "Bearer " + good}); status != http.StatusForbidden || !strings.Contains(challenge, "insufficient_scope") {
		t.Errorf("a group that was not granted: %d %q", status, challenge)
	}
	for what, portal := range map[string]string{"the portal is down": "http://127.0.0.1:1", "something else answers there": api.URL} {
		if status, challenge := guarded(t, http.DefaultClient, behind(t, j, portal, api.URL), map[string]string{"Authorization": "Bearer " + good}); status != http.StatusServiceUnavailable || challenge != "" {
			t.Errorf("%s: %d %q", what, status, challenge)
		}
	}
	wrong := behind(t, j, j.PortalURL, api.URL, func(cfg *guard.Config) { cfg.Secret.Plain = "other" })
	if status, challenge := guarded(t, http.DefaultClient, wrong, map[string]string{"Authorization": "Bearer " + good}); status != http.StatusServiceUnavailable || challenge != "" {
		t.Errorf("a wrong secret: %d %q", status, challenge)
	}
	if status, _ := guarded(t, http.DefaultClient, behind(t, j, j.PortalURL, "http://127.0.0.1:1"), map[string]string{"Authorization": "Bearer " + good}); status != http.StatusBadGateway {
		t.Errorf("an API that is down: %d", status)
	}
}

// A withdrawal is seen at once, whatever the gateway remembers.
func TestTheGatewaySeesAWithdrawalAtOnce(t *testing.T) {
	j := newJourney(t)
	p := provider{Client: consenttest.Provider()}
	if err := j.Portal.DB.PutClient(t.Context(), p.Client); err != nil {
		t.Fatal(err)
	}
	good := j.issued(j.pushedTo(p))
	api := newExisting(t)
	address := behind(t, j, j.PortalURL, api.URL)
	for _, want := range []int{http.StatusOK, http.StatusUnauthorized} {
		if status, _ := guarded(t, http.DefaultClient, address, map[string]string{"Authorization": "Bearer " + good}); status != want {
			t.Errorf("%d, want %d", status, want)
		}
		j.issued(j.pushedTo(p)) // the same person starts over, which withdraws
	}
}

// A proof that one instance saw is no good at another.
func TestTheGatewayPassesAProofOnceAtAllInstances(t *testing.T) {
	j := newJourney(t)
	p := proven{j, ownKey(t, "sig", "ES256")}
	j.client = &http.Client{Transport: p}
	_, bound := delegatedTo(j)
	api := newExisting(t)
	one, two := behind(t, j, j.PortalURL, api.URL), behind(t, j, j.PortalURL, api.URL)
	header := map[string]string{"Authorization": "DPoP " + bound, "DPoP": p.proof(http.MethodGet, consenttest.Provider().Provider.Location, bound)}
	for i, want := range []int{http.StatusOK, http.StatusUnauthorized, http.StatusUnauthorized} {
		if status, challenge := guarded(t, http.DefaultClient, []string{one, one, two}[i], header); status != want || want != http.StatusOK && !strings.HasPrefix(challenge, "DPoP") {
			t.Errorf("call %d: %d %q", i+1, status, challenge)
		}
	}
	if status, _ := guarded(t, http.DefaultClient, one, map[string]string{"Authorization": "Bearer " + bound}); status != http.StatusUnauthorized {
		t.Errorf("without a proof: %d", status)
	}
}

// What comes is bounded, and an answer arrives while the API still writes it.
func TestTheGatewayStreamsWithinBounds(t *testing.T) {
	j := newJourney(t)
	_, good := delegatedTo(j)
	more := make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, "first")
		_ = http.NewResponseController(w).Flush()
		<-more
	}))
	t.Cleanup(api.Close)
	address := behind(t, j, j.PortalURL, api.URL, func(cfg *guard.Config) { cfg.MaxCalls = 1 })
	send := func(body io.Reader) *http.Response {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+good)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}
	if large := send(strings.NewReader("eleven byte")); large.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", large.StatusCode)
	}
	streaming := send(nil)
	first := make([]byte, 5)
	if _, err := io.ReadFull(streaming.Body, first); err != nil || string(first) != "first" {
		t.Errorf("%q, %v", first, err)
	}
	if second := send(nil); second.StatusCode != http.StatusServiceUnavailable || second.Header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d", second.StatusCode)
	}
	close(more)
	if _, err := io.Copy(io.Discard, streaming.Body); err != nil {
		t.Error(err)
	}
}
