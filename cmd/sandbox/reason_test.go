package main

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
)

// told is all that an administration can learn of a consent, by every way it has.
func (j *journey) told(access, refresh, grant string) string {
	j.t.Helper()
	var said []any
	keep := func(_ int, body map[string]any) { said = append(said, body) }
	keep(j.post("/oauth/introspect", url.Values{"token": {access}}))
	keep(j.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}))
	keep(j.get("/oauth/grants/"+grant, j.management("grant_management_query")))
	keep(j.get("/data/v1/quotient-familial?annee=2026&mois=9", access))
	_, events := j.poll(j.management("consent_events"), `{"returnImmediately":true}`)
	for _, signed := range events["sets"].(map[string]any) {
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(signed.(string), ".")[1])
		if err != nil {
			j.t.Fatal(err)
		}
		said = append(said, string(payload))
	}
	all, err := json.Marshal(said)
	if err != nil {
		j.t.Fatal(err)
	}
	return string(all)
}

// A citizen's reason is in their own copy, in nothing an administration is told, and
// in no log.
func TestNoAdministrationLearnsWhyAConsentWasWithdrawn(t *testing.T) {
	j := newJourney(t)
	access, refresh := j.token("marge")
	_, live := j.post("/oauth/introspect", url.Values{"token": {access}})
	page := j.click(j.click(j.b.Get(j.PortalURL+"/home"), "/consents/"), "/withdraw")
	j.submit(page, "/withdraw", url.Values{"reason": {string(consent.TooMuch)}})
	told := j.told(access, refresh, live["grant_id"].(string))
	for _, want := range []string{"consent.withdrawn", `"active":false`, "grant_withdrawn"} {
		if !strings.Contains(told, want) {
			t.Errorf("the scan proves nothing: %s is not in %s", want, told)
		}
	}
	for where, text := range map[string]string{"told": told, "in the log": j.log.String()} {
		if strings.Contains(text, string(consent.TooMuch)) || strings.Contains(text, "withdrawal_reason") {
			t.Errorf("the reason is %s: %s", where, text)
		}
	}
	if mine := j.b.Post(j.PortalURL+"/my-data/export", url.Values{"format": {"json"}}).Body; !strings.Contains(mine, `"withdrawal_reason":"too_much"`) {
		t.Errorf("the citizen's copy: %s", mine)
	}
}
