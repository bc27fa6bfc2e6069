package oauth_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"portail.example/consent/consenttest"
)

// withstands asks in memory, since a fuzzer has no time for sockets: whatever is
// sent, the answer is one of the standard's, in JSON, and no fault of ours.
func (w *world) withstands(t *testing.T, path, kind string, body []byte) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
	request.Header.Set("Content-Type", kind)
	request.SetBasicAuth(w.Client.ID, consenttest.Secret)
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, request)
	var answer map[string]any
	if recorder.Code >= 500 || recorder.Body.Len() > 0 && json.Unmarshal(recorder.Body.Bytes(), &answer) != nil {
		t.Errorf("%s: %d %s", path, recorder.Code, recorder.Body)
	}
	if description, _ := answer["error_description"].(string); strings.ContainsAny(description, "\r\n") {
		t.Errorf("%s: %q", path, description)
	}
	w.Clock.Advance(1e9) // the client's limit is another test's
}

func fuzzForm(f *testing.F, path string, seeds ...string) {
	w := newWorld(f)
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w.withstands(t, path, "application/x-www-form-urlencoded", []byte(body))
	})
}

func FuzzPAR(f *testing.F) {
	fuzzForm(f, "/oauth/par", goodPush().Encode(), goodPush().Encode()+"&dry_run=true", "scope=quotient_familial&response_type=code", "%zz", "request_uri=x&request=y", "ui_locales=%00&prompt=none")
}

func FuzzToken(f *testing.F) {
	fuzzForm(f, "/oauth/token", exchange("x").Encode(), "grant_type=refresh_token&refresh_token=x", "grant_type=client_credentials&scope=consent_events",
		"grant_type=urn:portail:params:oauth:grant-type:consent-request&request_id=x", "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=a.b.c", ";")
}

func FuzzIntrospection(f *testing.F) {
	w := newWorld(f)
	access, refresh, _ := w.tokens()
	fuzzForm(f, "/oauth/introspect", "token="+access, "token="+refresh, "token=a.b.c", "token=..", "token=%ff", "token=x&token=y")
}

func FuzzRevocation(f *testing.F) { fuzzForm(f, "/oauth/revoke", "token=a.b.c", "token=x") }

func FuzzConsentRequests(f *testing.F) {
	w := newWorld(f)
	for _, seed := range []string{
		`{"authorization_details":` + canteen + `,"subject":` + pierre + `,"reference":"2026-117","expires_in":60}`, `{"subject":{"birthdate":"0000-00-00"}}`, `{"expires_in":9223372036854775807}`,
		`{"authorization_details":[{}]}`, `[]`, `{`, `null`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w.withstands(t, "/oauth/consent-requests", "application/json", []byte(body))
	})
}
