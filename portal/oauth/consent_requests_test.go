package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

const pierre = `{"family_name":"MARTIN","given_name":"Pierre","gender":"male","birthdate":"1987-06-27","birthplace":"51108","birthcountry":"99100"}`

func (w *world) file(body string, prepare ...func(*http.Request)) reply {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+"/oauth/consent-requests", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.SetBasicAuth(w.Client.ID, consenttest.Secret)
	for _, p := range prepare {
		p(request)
	}
	return w.send(request)
}

func (w *world) poll(id string) reply {
	w.t.Helper()
	w.Clock.Advance(consent.PollInterval)
	return w.post("/oauth/token", url.Values{"grant_type": {"urn:portail:params:oauth:grant-type:consent-request"}, "request_id": {id}})
}

func TestAFiledRequestIsPolledUntilItIsAnswered(t *testing.T) {
	w := newWorld(t)
	r := w.file(`{"authorization_details":` + canteen + `,"subject":` + pierre + `,"reference":"2026-117","expires_in":86400}`)
	id := r.text("request_id")
	if r.status != http.StatusCreated || r.text("consent_uri") != issuer+"/requests/"+id || r.body["expires_in"] != 86400.0 || r.body["interval"] != 5.0 {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	if p := w.poll(id); p.status != http.StatusBadRequest || p.text("error") != "authorization_pending" {
		t.Errorf("%d %s", p.status, p.raw)
	}
	w.Viewer.Subject = w.SignIn(t, consenttest.Pierre())
	filed, err := w.Service.Identify(t.Context(), id, w.Viewer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Service.Decide(t.Context(), w.Allow(filed)); err != nil {
		t.Fatal(err)
	}
	if p := w.poll(id); p.status != http.StatusOK || p.text("refresh_token") == "" || p.text("grant_id") == "" {
		t.Errorf("%d %s", p.status, p.raw)
	}
	if p := w.poll(id); p.text("error") != "invalid_grant" {
		t.Errorf("again: %s", p.raw)
	}
}

// The answer is the same for a citizen who has never been here.
func TestAFilingTellsNothingAboutTheCitizen(t *testing.T) {
	w := newWorld(t)
	known := w.file(`{"authorization_details":` + canteen + `,"subject":{"family_name":"DUBOIS","given_name":"Angela","gender":"female","birthdate":"1962-08-24","birthplace":"75107","birthcountry":"99100"}}`)
	unknown := w.file(`{"authorization_details":` + canteen + `,"subject":` + strings.Replace(pierre, "MARTIN", "NOBODY", 1) + `}`)
	strip := func(r reply) string {
		return strings.NewReplacer(r.text("request_id"), "", r.text("qr_code"), "").Replace(r.raw)
	}
	if known.status != http.StatusCreated || strip(known) != strip(unknown) {
		t.Errorf("%s\n%s", strip(known), strip(unknown))
	}
}

func TestBadFilings(t *testing.T) {
	w := newWorld(t)
	good := `{"authorization_details":` + canteen + `,"subject":` + pierre + `}`
	as := func(kind string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", kind) }
	}
	cases := map[string]struct {
		body    string
		prepare func(*http.Request)
		status  int
		names   string
	}{
		"not JSON":         {"{", as("application/json"), 400, "JSON"},
		"a form":           {"a=b", as("application/x-www-form-urlencoded"), 400, "application/json"},
		"a misspelt name":  {strings.Replace(good, "birthdate", "birth_date", 1), as("application/json"), 400, "not known"},
		"two values":       {good + good, as("application/json"), 400, "more than one"},
		"oversize":         {`{"reference":"` + strings.Repeat("r", 20000) + `"}`, as("application/json"), 413, "bytes"},
		"no details":       {`{"subject":` + pierre + `}`, as("application/json"), 400, ""},
		"a bad birth date": {strings.Replace(good, "1987-06-27", "27/06/1987", 1), as("application/json"), 400, "subject.birthdate"},
		"too long a wait":  {strings.Replace(good, `{"auth`, `{"expires_in":99999999,"auth`, 1), as("application/json"), 400, "expires_in"},
		"nobody asks":      {good, func(r *http.Request) { r.Header.Del("Authorization") }, 401, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if r := w.file(c.body, c.prepare); r.status != c.status || !strings.Contains(r.text("error_description"), c.names) || strings.Contains(r.raw, "MARTIN") {
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
}

func TestAFiledRequestIsTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.file(`{"authorization_details":` + canteen + `,"subject":` + pierre + `}`).text("request_id")
	token := w.management("grant_management_revoke")
	cancel := func(id, bearer string) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, w.base+"/oauth/consent-requests/"+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+bearer)
		return w.send(request).status
	}
	theirs := w.management("grant_management_revoke", w.asTransports())
	for what, got := range map[string][2]int{
		"by another client": {cancel(id, theirs), http.StatusNotFound}, "without the scope": {cancel(id, w.management("grant_management_query")), http.StatusForbidden},
		"an unknown one": {cancel(consent.NewID(), token), http.StatusNotFound},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %d, want %d", what, got[0], got[1])
		}
	}
	if first, second := cancel(id, token), cancel(id, token); first != http.StatusNoContent || second != http.StatusConflict {
		t.Errorf("%d, then %d", first, second)
	}
	if p := w.poll(id); p.text("error") != "access_denied" {
		t.Errorf("afterwards: %s", p.raw)
	}
}
