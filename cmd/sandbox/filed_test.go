package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
)

// The transports authority files a request at the counter; the citizen finds it
// waiting, in any browser, and the authority's software learns the answer.
func TestAFiledRequestFromCounterToData(t *testing.T) {
	j := newJourney(t)
	filed := j.file(`"family_name":"Simpson","given_name":"MARGE","gender":"female","birthdate":"1980-11-15","birthcountry":"99404"`)
	id, _ := filed["request_id"].(string)
	poll := func() (int, map[string]any) {
		j.clock.Advance(consent.PollInterval)
		return j.post("/oauth/token", url.Values{"grant_type": {"urn:portail:params:oauth:grant-type:consent-request"}, "request_id": {id}})
	}
	if status, body := poll(); status != http.StatusBadRequest || body["error"] != "authorization_pending" {
		t.Errorf("%d %v", status, body)
	}
	start := j.b.Get(j.PortalURL)
	home := j.identify(start, "marge")
	j.expect("home", home, 200, "Syndicat des transports de la Source", "Demandes en attente")
	request := j.click(home, "/requests/"+id)
	j.expect("request", request, 200, "Référence de votre dossier : 2026-117", "Autoriser le partage")
	done := j.submit(request, "/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}})
	j.expect("done", done, 200, "C’est autorisé", "en est informée")
	_, body := poll()
	access, _ := body["access_token"].(string)
	if status, body := j.get("/data/v1/quotient-familial", access); status != http.StatusOK {
		t.Errorf("%d %v", status, body)
	}
}

// Somebody else who has the address gets nowhere, and the one it is for does.
func TestTheAddressOfAFiledRequestIsNoKey(t *testing.T) {
	j := newJourney(t)
	filed := j.file(`"family_name":"SIMPSON","given_name":"Marge","gender":"female","birthdate":"1980-11-15","birthcountry":"99404"`)
	address, _ := filed["consent_uri"].(string)
	asked := j.b.Get(address)
	j.expect("nobody signed in", asked, 200, "Une demande vous attend", "Syndicat des transports de la Source", "tarif des transports", "FranceConnect")
	for _, secret := range []string{"2026-117", "SIMPSON", "Marge", "août"} {
		if strings.Contains(readable(asked.Body), secret) {
			j.t.Errorf("whoever holds the letter reads %q", secret)
		}
	}
	other := j.identify(asked, "sophie")
	j.expect("another citizen", other, 403, "Cette demande est pour une autre personne")
	if strings.Contains(readable(other.Body), "transports") {
		t.Error("the page tells who asked")
	}
	j.b.Get(j.PortalURL + "/sign-out")
	j.expect("the one it is for", j.identify(j.b.Get(address), "marge"), 200, "Autoriser le partage")
}

// file files a request for a person, as the transports authority.
func (j *journey) file(subject string) map[string]any {
	j.t.Helper()
	body := `{"authorization_details":[{"type":"quotient_familial","datatypes":["quotient_familial"],"purpose":"tarification-transports","recipient":"` + transportSIRET +
		`","access":"continuous"}],"reference":"2026-117","subject":{` + subject + `}}`
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.PortalURL+"/oauth/consent-requests", strings.NewReader(body))
	if err != nil {
		j.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(transportID, j.Registered.TransportSecret)
	status, answer := j.do(request)
	if status != http.StatusCreated {
		j.t.Fatalf("%d %v", status, answer)
	}
	return answer
}
