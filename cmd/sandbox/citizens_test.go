package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/internal/sandbox/citizen"
)

// play asks the sandbox for an outcome and returns where the browser would go.
func (j *journey) play(outcome, address string, after string) url.Values {
	j.t.Helper()
	response, err := http.PostForm(j.CitizenURL+"/play", url.Values{"outcome": {outcome}, "url": {address}, "after": {after}})
	if err != nil {
		j.t.Fatal(err)
	}
	defer response.Body.Close()
	var body struct{ Outcome, Location, Error string }
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil || response.StatusCode != http.StatusOK || body.Outcome != outcome {
		j.t.Fatalf("%s: %d %+v, %v", outcome, response.StatusCode, body, err)
	}
	target, err := url.Parse(body.Location)
	if err != nil {
		j.t.Fatal(err)
	}
	return target.Query()
}

// Each person does what their outcome says, and again the second time.
func TestTheSandboxHasAPersonForEachOutcome(t *testing.T) {
	j := newJourney(t)
	data := func(query url.Values) (int, string) {
		_, issued := j.post("/oauth/token", redemption(query.Get("code")))
		access, _ := issued["access_token"].(string)
		status, body := j.get("/data/v1/quotient-familial", access)
		return status, errorCode(body)
	}
	for range 2 {
		if status, _ := data(j.play("granted", j.pushed(), "")); status != http.StatusOK {
			t.Errorf("granted: %d", status)
		}
		if got := j.play("refused", j.pushed(), ""); got.Get("error") != "access_denied" || got.Get("iss") != j.PortalURL {
			t.Errorf("refused: %v", got)
		}
		if got := j.play("expired", j.pushed(), ""); len(got) != 0 {
			t.Errorf("expired: %v", got)
		}
		if status, _ := data(j.play("provider_down", j.pushed(), "")); status != http.StatusBadGateway {
			t.Errorf("provider_down: %d", status)
		}
	}
}

func TestThePersonWhoWithdrawsMidWay(t *testing.T) {
	j := newJourney(t)
	_, issued := j.post("/oauth/token", redemption(j.play("withdrawn", j.pushed(), "1").Get("code")))
	access, _ := issued["access_token"].(string)
	if status, _ := j.get("/data/v1/quotient-familial", access); status != http.StatusOK {
		t.Errorf("before: %d", status)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		_, body := j.get("/data/v1/quotient-familial", access)
		if errorCode(body) == "90001" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("never withdrawn: %v", body)
		}
	}
}

// The partial person shares the first of two groups, whether redirected or filed.
func TestThePersonWhoSharesLess(t *testing.T) {
	j := newJourney(t)
	address := j.b.Get(j.TownHallURL) // the town hall asks for two groups
	authorize := j.find(hrefs, address, "/start")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(authorize)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if got := j.play("partial", response.Header.Get("Location"), ""); got.Get("code") == "" {
		t.Errorf("%v", got)
	}
	filed := j.file(`"family_name":"YOGO","given_name":"Sophie","gender":"female","birthdate":"1981-11-01","birthplace":"50528","birthcountry":"99100"`)
	if got := j.play("partial", filed["consent_uri"].(string), ""); len(got) != 0 {
		t.Errorf("filed: %v", got)
	}
	_, issued := j.post("/oauth/token", url.Values{"grant_type": {"urn:portail:params:oauth:grant-type:consent-request"}, "request_id": {filed["request_id"].(string)}})
	if details, _ := issued["authorization_details"].([]any); len(details) != 1 {
		t.Errorf("%v", issued)
	}
}

func TestTheSandboxCitizensGoNowhereElse(t *testing.T) {
	j := newJourney(t)
	for name, form := range map[string]url.Values{
		"unknown outcome": {"outcome": {"x"}, "url": {j.PortalURL}}, "another site": {"outcome": {"granted"}, "url": {"http://127.0.0.1:1/"}},
		"bad wait": {"outcome": {"withdrawn"}, "url": {j.PortalURL}, "after": {"soon"}},
	} {
		response, err := http.PostForm(j.CitizenURL+"/play", form)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
	}
	page := j.b.Get(j.CitizenURL)
	for _, p := range citizen.Persons() {
		if !strings.Contains(page.Body, "outcome="+p.Outcome) {
			t.Errorf("%s is not listed", p.Outcome)
		}
	}
	if page.Status != http.StatusOK {
		t.Errorf("%d", page.Status)
	}
}
