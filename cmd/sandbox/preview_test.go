package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/internal/sandbox/openid"
	"portail.example/internal/sandbox/openid/openidtest"
	"portail.example/portal/web/webtest"
)

const (
	byToken    = "/v3/dss/quotient_familial/france_connect"
	byIdentity = "/v3/dss/quotient_familial/identite"
)

// looks asks for the preview of the request that a page shows.
func (j *journey) looks(page webtest.Answer, form url.Values) webtest.Answer {
	j.t.Helper()
	return j.b.Post(strings.TrimSuffix(j.find(actions, page, "/decision"), "/decision")+"/preview", form)
}

// asked are the operations of API Particulier that were called.
func (j *journey) asked(want ...string) {
	j.t.Helper()
	var got []string
	for _, call := range j.APIParticulier.Calls() {
		got = append(got, call.Path)
		if call.Query.Get("recipient") != operatorSIRET || (call.Path == byToken) != (len(call.Query) == 3) {
			j.t.Errorf("asked with %d parameters for %s", len(call.Query), call.Query.Get("recipient"))
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		j.t.Errorf("asked %v, want %v", got, want)
	}
}

// All servers are real ones: the portal, FranceConnect, API Particulier that asks
// FranceConnect whom the token is for, and PostgreSQL that keeps it for a minute.
func TestACitizenLooksWithFranceConnectsTokenWhileItLives(t *testing.T) {
	j := newJourney(t)
	list := j.click(j.arrive(), "/sign-in")
	confirm := j.click(list, "citizen=jeanne")
	j.expect("FranceConnect lists the data", confirm, 200, "quotient familial CAF & MSA", "identité des enfants")
	if text := readable(confirm.Body); strings.Contains(text, "adresse du foyer") || strings.Contains(text, "conjoint") {
		t.Errorf("more is asked than the request asks: %s", text)
	}
	request := j.click(confirm, "/confirm")
	seen := j.looks(request, nil)
	j.expect("with the token", seen, 200, "150", "MSA", "novembre 2026", "ALEXIS VINCENT")
	if strings.Contains(seen.Body, "MONTORGUEIL") || strings.Contains(seen.Body, "LOIC") {
		t.Error("more is shown than was asked")
	}
	j.asked(byToken)
	j.expect("the token is used up", j.looks(request, nil), 200, "150", "ALEXIS VINCENT")
	j.asked(byToken, byIdentity)
}

func TestATokenThatIsOverLeavesTheIdentity(t *testing.T) {
	j := newJourney(t)
	request := j.identify(j.arrive(), "jeanne")
	j.clock.Advance(time.Minute)
	j.expect("by identity", j.looks(request, nil), 200, "150", "ALEXIS VINCENT")
	j.asked(byIdentity)
}

func TestFranceConnectRevokesTheTokenMeanwhile(t *testing.T) {
	j := newJourney(t)
	request := j.identify(j.arrive(), "jeanne")
	j.FranceConnect.Misbehave(openid.Mischief{Introspection: func(claims map[string]any) {
		openidtest.Set("active", false)(claims["token_introspection"].(map[string]any))
	}})
	told := j.looks(request, nil)
	j.expect("told", told, 200, "date de plus d’une minute", "S’identifier de nouveau", "Autoriser le partage")
	j.asked(byToken)
	j.FranceConnect.Misbehave(openid.Mischief{})
	again := j.click(j.click(told, "/sign-in"), "/confirm")
	j.expect("signed in again", j.looks(again, nil), 200, "150", "ALEXIS VINCENT")
	j.asked(byToken, byToken)
}

func TestFranceConnectGrantsFewerScopes(t *testing.T) {
	j := newJourney(t)
	j.FranceConnect.Misbehave(openid.Mischief{Scopes: func(asked []string) []string {
		return strings.Fields(strings.ReplaceAll(strings.Join(asked, " "), "cnaf_enfants", ""))
	}})
	j.expect("by identity", j.looks(j.identify(j.arrive(), "jeanne"), nil), 200, "150", "ALEXIS VINCENT")
	j.asked(byIdentity)
}

// Sensitive data is looked at in the same way, whole: FranceConnect names it, and the
// page says what would leave.
func TestDataAboutHealthIsLookedAtWithTheToken(t *testing.T) {
	j := newJourney(t)
	status, body := j.post("/oauth/par", url.Values{
		"response_type": {"code"}, "redirect_uri": {integratorCallback}, "state": {"s"}, "code_challenge": {consenttest.Challenge}, "code_challenge_method": {"S256"},
		"authorization_details": {`[{"type":"allocation_adulte_handicape","datatypes":["allocation_adulte_handicape"],"purpose":"tarification-solidaire-transports","recipient":"` + transportSIRET + `","access":"once"}]`},
	})
	if status != http.StatusCreated {
		t.Fatalf("push: %d %v", status, body)
	}
	arrived := j.b.Get(j.PortalURL + "/oauth/authorize?" + url.Values{"client_id": {transportID}, "request_uri": {body["request_uri"].(string)}}.Encode())
	confirm := j.click(j.click(arrived, "/sign-in"), "citizen=angela")
	j.expect("FranceConnect names it", confirm, 200, "statut bénéficiaire AAH")
	request := j.click(confirm, "/confirm")
	for _, way := range []string{"with the token", "by identity"} {
		j.expect(way, j.looks(request, nil), 200, "depuis le 1er mars 2019")
	}
	var paths []string
	for _, call := range j.APIParticulier.Calls() {
		paths = append(paths, call.Path)
	}
	if want := []string{"/v3/dss/allocation_adulte_handicape/france_connect", "/v3/dss/allocation_adulte_handicape/identite"}; !slices.Equal(paths, want) {
		t.Errorf("asked %v", paths)
	}
}

// A sign-in for no request asks for the identity alone.
func TestSigningInForTheHomePageAsksForNoData(t *testing.T) {
	j := newJourney(t)
	confirm := j.click(j.click(j.b.Get(j.PortalURL+"/"), "/sign-in"), "citizen=jeanne")
	if strings.Contains(readable(confirm.Body), "quotient familial") {
		t.Error("data is asked for nothing")
	}
}
