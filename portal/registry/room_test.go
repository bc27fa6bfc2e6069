package registry_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/registry"
	"portail.example/portal/web/webtest"
)

const secret = "shared-with-datapass"

type world struct {
	*consenttest.World
	t    testing.TB
	base string
}

func newWorld(t testing.TB, secret string) *world {
	w := &world{World: consenttest.NewWorld(t), t: t}
	site := webtest.Site(t, w.Memory, w.Clock.Now)
	room := registry.New(registry.Config{Service: w.Service, Secret: secret, Logger: webtest.Silent()})
	w.base = webtest.Serve(t, webtest.Silent(), site, w.Clock.Now, room).URL
	return w
}

func sign(body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func (w *world) send(body, signature string) (int, string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+"/webhooks/datapass", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Hub-Signature-256", signature)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}

func (w *world) fire(event string, at int64) int {
	body := fmt.Sprintf(`{"event":%q,"fired_at":%d,"model_type":"authorization_request/api_particulier","data":{"id":%s,"applicant":{"family_name":"Dupont"}}}`, event, at, w.Client.Habilitation)
	status, _ := w.send(body, sign(body))
	return status
}

func (w *world) suspended() bool {
	_, err := w.Service.Client(w.t.Context(), w.Client.ID)
	return errors.Is(err, consent.UnauthorizedClient)
}

func TestTheRegistryFollowsDataPass(t *testing.T) {
	w := newWorld(t, secret)
	steps := []struct {
		event string
		at    int64
		want  bool
	}{
		{"submit", 10, false}, {"revoke", 20, true}, {"revoke", 20, true}, {"update", 25, true}, {"approve", 15, true},
		{"approve_by_api", 30, false}, {"revoke_by_api", 40, true}, {"revoke", 30, true},
	}
	for i, step := range steps {
		if status := w.fire(step.event, step.at); status != http.StatusOK {
			t.Errorf("step %d: %d", i, status)
		}
		if got := w.suspended(); got != step.want {
			t.Errorf("step %d, %s: suspended %v", i, step.event, got)
		}
	}
	test := `{"test":true,"timestamp":"2026-11-24T10:00:00+01:00"}`
	if status, _ := w.send(test, sign(test)); status != http.StatusOK {
		t.Errorf("DataPass's own test: %d", status)
	}
}

func TestMessagesThatAreNotDataPasss(t *testing.T) {
	w := newWorld(t, secret)
	good := `{"event":"revoke","fired_at":20,"data":{"id":` + w.Client.Habilitation + `}}`
	huge := `{"event":"` + strings.Repeat("x", 1<<20) + `"}`
	cases := map[string]struct {
		body, signature string
		status          int
	}{
		"unsigned": {good, "", 401}, "signed for another body": {good, sign(good + " "), 401}, "another scheme": {good, strings.Replace(sign(good), "sha256", "sha1", 1), 401},
		"not hexadecimal": {good, "sha256=zz", 401}, "not JSON": {"revoke", sign("revoke"), 400}, "no number": {`{"event":"revoke","fired_at":20}`, sign(`{"event":"revoke","fired_at":20}`), 400},
		"no instant": {`{"event":"revoke","data":{"id":1}}`, sign(`{"event":"revoke","data":{"id":1}}`), 400}, "too large": {huge, sign(huge), 413},
	}
	for name, c := range cases {
		if status, raw := w.send(c.body, c.signature); status != c.status || !strings.Contains(raw, `"error_description"`) {
			t.Errorf("%s: %d %s", name, status, raw)
		}
	}
	if w.suspended() {
		t.Error("one of them was believed")
	}
	w.Memory.Fail(&consent.Error{Code: consent.Unavailable})
	if status, _ := w.send(good, sign(good)); status != http.StatusServiceUnavailable {
		t.Errorf("without a database: %d", status)
	}
}

func TestWithoutASecretThereIsNoWebhook(t *testing.T) {
	w := newWorld(t, "")
	if status, _ := w.send(`{}`, sign(`{}`)); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

func FuzzDataPass(f *testing.F) {
	w := newWorld(f, secret)
	f.Add(`{"event":"revoke","fired_at":20,"data":{"id":12345}}`)
	f.Add(`{"test":true}`)
	f.Add(`{"event":"approve","fired_at":-1,"data":{"id":9223372036854775807}}`)
	f.Fuzz(func(t *testing.T, body string) {
		w := &world{World: w.World, t: t, base: w.base}
		if status, raw := w.send(body, sign(body)); status != http.StatusOK && status != http.StatusBadRequest && status != http.StatusRequestEntityTooLarge {
			t.Errorf("%d %s", status, raw)
		}
	})
}
