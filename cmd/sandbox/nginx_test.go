package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"portail.example/consent/consenttest"
)

// existing is an API that knows nothing of consents: it keeps the headers of its calls.
type existing struct {
	*httptest.Server
	mu    sync.Mutex
	calls []http.Header
}

// called are the headers of the calls that reached it.
func (e *existing) called() []http.Header {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls
}

func newExisting(t *testing.T) *existing {
	t.Helper()
	api := &existing{}
	api.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.mu.Lock()
		defer api.mu.Unlock()
		api.calls = append(api.calls, r.Header.Clone())
		_, _ = fmt.Fprint(w, r.URL.RequestURI()) // the reader sees that it is cut
	}))
	t.Cleanup(api.Close)
	return api
}

// nginx runs the configuration of the guide in front of an API, as a child with a
// folder of its own, and returns a client that reaches it.
func nginx(t *testing.T, portal, api string) *http.Client {
	t.Helper()
	folder, err := os.MkdirTemp("", "nginx") // a socket's address is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	socket := filepath.Join(folder, "socket")
	credentials := base64.StdEncoding.EncodeToString([]byte(consenttest.Provider().ID + ":" + consenttest.Secret))
	server := strings.NewReplacer("443 ssl", "unix:"+socket, "https://consentement.example", portal, "http://127.0.0.1:9000", api, "IDENTIFIANT_ET_SECRET", credentials).
		Replace(program(t, providerGuide, "nginx"))
	file := filepath.Join(folder, "nginx.conf")
	var paths string
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		paths += kind + "_temp_path " + folder + "/" + kind + ";\n"
	}
	text := "daemon off;\nmaster_process off;\npid " + folder + "/pid;\nevents {}\nhttp {\naccess_log off;\n" + paths + server + "}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, exec.Command(nginxBinary(t), "-p", folder, "-e", filepath.Join(folder, "error.log"), "-c", file))
	return reaching(t, socket, filepath.Join(folder, "error.log"))
}

func nginxBinary(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("nginx is missing: sudo apt-get install nginx-light")
	return ""
}

// start runs a program until the test ends.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// reaching is a client of a socket, once somebody listens there.
func reaching(t *testing.T, socket, log string) *http.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		connection, err := dialer.DialContext(ctx, "unix", socket)
		if err == nil {
			_ = connection.Close()
			break
		}
		select {
		case <-ctx.Done():
			told, _ := os.ReadFile(log)
			t.Fatalf("%v\n%s", err, told)
		case <-tick.C:
		}
	}
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "unix", socket)
	}}}
}

// guarded is what the caller of a guarded API gets.
func guarded(t *testing.T, client *http.Client, base string, header map[string]string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/v1/quotient?mois=3", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode, response.Header.Get("WWW-Authenticate")
}

// delegatedTo registers the provider with its secret and gives two consents to its
// API: the person starts over for the second, which withdraws the first.
func delegatedTo(j *journey) (withdrawn, good string) {
	j.t.Helper()
	p := provider{Client: consenttest.Provider()}
	if err := j.Portal.DB.PutClient(j.t.Context(), p.Client); err != nil {
		j.t.Fatal(err)
	}
	withdrawn = j.issued(j.pushedTo(p))
	return withdrawn, j.issued(j.pushedTo(p))
}

// The configuration of the guide lets a call through with a live consent, tells the API
// what was granted, and lets nothing else through.
func TestNginxAsksBeforeAnExistingAPIAnswers(t *testing.T) {
	j := newJourney(t)
	withdrawn, good := delegatedTo(j)
	ours, _ := j.token("sophie")
	api := newExisting(t)
	client := nginx(t, j.PortalURL, api.URL)
	forged := map[string]string{
		"Authorization": "Bearer " + good, "X-Consent-Subject": "forged", "X-Consent-Datatypes": "adresse", "X-Original-Uri": "/other", "X-Provider-Authorization": "Basic eDp5", "X-Agent-Id": "agent-4812",
	}
	if status, _ := guarded(t, client, "http://aides.example", forged); status != http.StatusOK || len(api.called()) != 1 {
		t.Fatalf("%d, %d calls", status, len(api.called()))
	}
	got := api.called()[0]
	if sub := got.Get("X-Consent-Subject"); sub == "" || sub == "forged" || got.Get("X-Consent-Datatypes") != "quotient_familial" || got.Get("X-Consent-Recipient") != transportSIRET || got.Get("X-Consent-Grant") == "" {
		t.Errorf("the API was told %v", got)
	}
	for _, name := range []string{"Authorization", "Dpop", "X-Provider-Authorization"} {
		if got.Get(name) != "" {
			t.Errorf("%s reaches the API", name)
		}
	}
	for what, authorization := range map[string]string{"withdrawn": "Bearer " + withdrawn, "another audience": "Bearer " + ours, "rubbish": "Bearer x", "no token": ""} {
		header := map[string]string{}
		if authorization != "" {
			header["Authorization"] = authorization
		}
		if status, challenge := guarded(t, client, "http://aides.example", header); status != http.StatusUnauthorized || !strings.HasPrefix(challenge, "Bearer") {
			t.Errorf("%s: %d %q", what, status, challenge)
		}
	}
	if status, _ := guarded(t, client, "http://aides.example", map[string]string{"Authorization": "Bearer " + good, "X-Agent-Id": "Bertin, L."}); status != http.StatusForbidden {
		t.Errorf("an agent with a name: %d", status)
	}
	down := nginx(t, "http://127.0.0.1:1", api.URL)
	if status, challenge := guarded(t, down, "http://aides.example", map[string]string{"Authorization": "Bearer " + good}); status != http.StatusInternalServerError || challenge != "" {
		t.Errorf("with a portal that is down: %d %q", status, challenge)
	}
	if len(api.called()) != 1 {
		t.Errorf("the API was called %d times", len(api.called()))
	}
}
