package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// The transports authority is a second administration, with the simplest client
// there is: HTTP Basic and the registered default request.
const integratorCallback = "http://localhost:9999/callback"

// post calls a back-channel endpoint as the transports authority.
func (j *journey) post(path string, form url.Values) (int, map[string]any) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.PortalURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		j.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(transportID, j.Registered.TransportSecret)
	return j.do(request)
}

// get calls the data API with a token.
func (j *journey) get(path, bearer string) (int, map[string]any) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodGet, j.PortalURL+path, nil)
	if err != nil {
		j.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	return j.do(request)
}

func (j *journey) do(request *http.Request) (int, map[string]any) {
	j.t.Helper()
	response, err := j.client.Do(request)
	if err != nil {
		j.t.Error(err)
		return 0, nil
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		j.t.Error(err)
	}
	body := map[string]any{}
	if err := json.Unmarshal(raw, &body); err != nil {
		j.t.Errorf("%s answered %d with something else than JSON: %s", request.URL.Path, response.StatusCode, raw)
	}
	return response.StatusCode, body
}

// errorCode is the data API's code of a refusal.
func errorCode(body map[string]any) string {
	list, _ := body["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	first, _ := list[0].(map[string]any)
	code, _ := first["code"].(string)
	return code
}

// pushed is where the browser goes after a push by the transports authority.
func (j *journey) pushed() string {
	return j.pushedWith(url.Values{"scope": {"quotient_familial"}})
}

// pushedWith is the same for what is asked.
func (j *journey) pushedWith(form url.Values) string {
	j.t.Helper()
	maps.Copy(form, url.Values{
		"response_type": {"code"}, "redirect_uri": {integratorCallback}, "state": {"s"},
		"code_challenge": {consenttest.Challenge}, "code_challenge_method": {"S256"},
	})
	status, body := j.post("/oauth/par", form)
	if status != http.StatusCreated {
		j.t.Fatalf("push: %d %v", status, body)
	}
	return j.PortalURL + "/oauth/authorize?" + url.Values{"client_id": {transportID}, "request_uri": {body["request_uri"].(string)}}.Encode()
}

// code lives the story up to the transports authority's callback.
func (j *journey) code(citizen string) string {
	j.t.Helper()
	done := j.submit(j.identify(j.b.Get(j.pushed()), citizen), "/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}})
	back := j.b.Get(j.find(hrefs, done, "/return"), webtest.Stop)
	target, err := url.Parse(back.Header.Get("Location"))
	if err != nil || target.Query().Get("code") == "" {
		j.t.Fatalf("no code: %d", back.Status)
	}
	return target.Query().Get("code")
}

func redemption(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {integratorCallback}, "code_verifier": {consenttest.Verifier}}
}

// token is a consent token for the transports authority.
func (j *journey) token(citizen string) (access, refresh string) {
	j.t.Helper()
	status, body := j.post("/oauth/token", redemption(j.code(citizen)))
	if status != http.StatusOK {
		j.t.Fatalf("redeem: %d %v", status, body)
	}
	return body["access_token"].(string), body["refresh_token"].(string)
}

// issuedToken is what the token endpoint gave.
type issuedToken struct {
	Access, GrantID string
}

// once is a token for one release, from a consent of its own.
func (j *journey) once(citizen string) issuedToken {
	j.t.Helper()
	_, body := j.post("/oauth/par", url.Values{
		"response_type": {"code"}, "redirect_uri": {integratorCallback}, "state": {"s"}, "prompt": {"consent"},
		"code_challenge": {consenttest.Challenge}, "code_challenge_method": {"S256"},
		"authorization_details": {`[{"type":"quotient_familial","datatypes":["quotient_familial"],"purpose":"tarification-transports","recipient":"` + transportSIRET + `","access":"` + string(consent.Once) + `"}]`},
	})
	uri, _ := body["request_uri"].(string)
	page := j.b.Get(j.PortalURL + "/oauth/authorize?" + url.Values{"client_id": {transportID}, "request_uri": {uri}}.Encode())
	if strings.Contains(page.Body, "/sign-in") {
		page = j.identify(page, citizen)
	}
	done := j.submit(page, "/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}})
	target, err := url.Parse(j.b.Get(j.find(hrefs, done, "/return"), webtest.Stop).Header.Get("Location"))
	if err != nil {
		j.t.Fatal(err)
	}
	return j.redeemed(target.Query().Get("code"))
}

// redeemed is the token of a code.
func (j *journey) redeemed(code string) issuedToken {
	j.t.Helper()
	status, body := j.post("/oauth/token", redemption(code))
	if status != http.StatusOK {
		j.t.Fatalf("redeem: %d %v", status, body)
	}
	return issuedToken{body["access_token"].(string), body["grant_id"].(string)}
}

func TestCurlIsEnough(t *testing.T) {
	j := newJourney(t)
	access, _ := j.token("marge")
	status, body := j.get("/data/v1/quotient-familial?annee=2026&mois=9", access)
	data, _ := body["data"].(map[string]any)
	if status != http.StatusOK || len(data) != 1 || data["quotient_familial"].(map[string]any)["valeur"] != 300.0 {
		t.Errorf("%d %v", status, body)
	}
}
