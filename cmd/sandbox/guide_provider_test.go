package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/sandbox/peers"
)

const providerGuide = "../../docs/data-provider.md"

// provider is a data provider registered in a world, with what it keeps to itself.
type provider struct {
	consent.Client
	signing, encryption jose.JSONWebKey
}

func newProvider(j *journey) provider {
	j.t.Helper()
	p := provider{consenttest.Provider(), ownKey(j.t, "sig", "ES256"), ownKey(j.t, "enc", "ECDH-ES+A256KW")}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.signing.Public(), p.encryption.Public()}})
	if err != nil {
		j.t.Fatal(err)
	}
	p.AuthMethod, p.JWKS, p.SecretHash = consent.PrivateKeyJWT, set, nil
	if err := j.Portal.DB.PutClient(j.t.Context(), p.Client); err != nil {
		j.t.Fatal(err)
	}
	return p
}

func ownKey(t *testing.T, use, algorithm string) jose.JSONWebKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: use + "-1", Use: use, Algorithm: algorithm}
}

// pushedTo is where the browser goes to allow a provider's data to the transports
// authority.
func (j *journey) pushedTo(p provider) string {
	return j.pushedWith(url.Values{
		"authorization_details": {`[{"type":"quotient_familial","datatypes":["quotient_familial"],"purpose":"tarification-transports","recipient":"` +
			transportSIRET + `","access":"continuous","locations":["` + p.Provider.Location + `"]}]`},
	})
}

// issued is the consent token that the sandbox's person who grants gives.
func (j *journey) issued(address string) string {
	j.t.Helper()
	status, body := j.post("/oauth/token", redemption(j.play("granted", address, "").Get("code")))
	if status != http.StatusOK {
		j.t.Fatalf("redeem: %d %v", status, body)
	}
	return body["access_token"].(string)
}

// goProgram builds the program of a guide, so that what is stopped in the end is it
// and not the go command.
func goProgram(t *testing.T, guide string) *exec.Cmd {
	t.Helper()
	source := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(source, []byte(program(t, guide, "go")), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := strings.TrimSuffix(source, ".go")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exec.CommandContext(t.Context(), binary)
}

func nodeProgram(t *testing.T, guide, block string) *exec.Cmd {
	t.Helper()
	cmd, err := peers.Source(program(t, guide, block))
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

// listening starts a program of the guide and returns the address it prints.
func listening(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	cmd.Stderr = os.Stderr
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program stopped: %v", err)
	}
	return strings.TrimSpace(line)
}

// called is a program's answer to a token: its status, its challenge and its body.
func called(t *testing.T, address, authorization string) (int, string, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/v1/quotient", nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body := map[string]any{}
	if response.StatusCode == http.StatusOK {
		if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
			t.Error(err)
		}
	}
	return response.StatusCode, response.Header.Get("WWW-Authenticate"), body
}

// The two programs that verify offline release what a good token allows, and refuse
// the others as RFC 6750 says.
func TestTheProgramsForDataProvidersVerifyOffline(t *testing.T) {
	j := newJourney(t, onTheRealClock)
	p := newProvider(j)
	withdrawn := j.issued(j.pushedTo(p)) // the same person starts over: this one's consent is withdrawn
	good := j.issued(j.pushedTo(p))
	ours, _ := j.token("sophie")
	for name, cmd := range map[string]*exec.Cmd{"Go": goProgram(t, providerGuide), "Node": nodeProgram(t, providerGuide, "js")} {
		cmd.Env = append(os.Environ(), "P="+j.PortalURL, "AUDIENCE="+p.Provider.Audience, "PORT=0")
		address := listening(t, cmd)
		status, _, body := called(t, address, "Bearer "+good)
		if want := map[string]any{"recipient": transportSIRET, "datatypes": []any{"quotient_familial"}}; status != http.StatusOK || !maps.EqualFunc(body, want, sameJSON) {
			t.Errorf("%s: %d %v", name, status, body)
		}
		for what, authorization := range map[string]string{
			"a consent withdrawn": "Bearer " + withdrawn, "a token for our data API": "Bearer " + ours, "half a token": "Bearer " + good[:len(good)/2],
			"another signature": "Bearer " + good[:strings.LastIndex(good, ".")] + ours[strings.LastIndex(ours, "."):],
		} {
			if status, challenge, _ := called(t, address, authorization); status != http.StatusUnauthorized || !strings.Contains(challenge, `error="invalid_token"`) {
				t.Errorf("%s, %s: %d %s", name, what, status, challenge)
			}
		}
		if status, challenge, _ := called(t, address, ""); status != http.StatusUnauthorized || challenge != "Bearer" {
			t.Errorf("%s, no token: %d %s", name, status, challenge)
		}
	}
}

// With a portal that does not answer, the programs start, and release nothing.
func TestTheProgramsForDataProvidersFailClosed(t *testing.T) {
	j := newJourney(t, onTheRealClock)
	p := newProvider(j)
	good := j.issued(j.pushedTo(p))
	for name, cmd := range map[string]*exec.Cmd{"Go": goProgram(t, providerGuide), "Node": nodeProgram(t, providerGuide, "js")} {
		cmd.Env = append(os.Environ(), "P=http://127.0.0.1:1", "AUDIENCE="+p.Provider.Audience, "PORT=0")
		if status, challenge, _ := called(t, listening(t, cmd), "Bearer "+good); status != http.StatusServiceUnavailable || challenge != "" {
			t.Errorf("%s: %d %s", name, status, challenge)
		}
	}
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && slices.Equal(x, y)
}

// openid-client opens an encrypted introspection (RFC 9701), finds the identity in
// it, and learns nothing about a token of somebody else's.
func TestOpenIDClientOpensEncryptedIntrospections(t *testing.T) {
	j := newJourney(t, onTheRealClock)
	p := newProvider(j)
	good := j.issued(j.pushedTo(p))
	ours, _ := j.token("sophie")
	signing, errSigning := json.Marshal(p.signing)
	encryption, errEncryption := json.Marshal(p.encryption)
	if errSigning != nil || errEncryption != nil {
		t.Fatal(errSigning, errEncryption)
	}
	for raw, want := range map[string]string{good: "release quotient_familial of the person born on ", ours: "release nothing\n"} {
		cmd := nodeProgram(t, providerGuide, "mjs")
		cmd.Env = append(os.Environ(), "P="+j.PortalURL, "CLIENT_ID="+p.ID, "SIGNING_KEY="+string(signing), "ENCRYPTION_KEY="+string(encryption), "TOKEN="+raw)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), "undefined") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
