package token_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/consent/token"
)

// metadataServer is a portal of which only the metadata answers; change spoils it.
func metadataServer(t *testing.T, change func(map[string]string)) (*httptest.Server, *int) {
	t.Helper()
	asked := new(int)
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/oauth-authorization-server":
			*asked++
			metadata := map[string]string{"issuer": server.URL, "jwks_uri": server.URL + "/keys"}
			change(metadata)
			if metadata["redirect"] != "" {
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
				return
			}
			_ = json.NewEncoder(w).Encode(metadata)
		default:
			_, _ = w.Write([]byte(`{"keys":[]}`))
		}
	}))
	t.Cleanup(server.Close)
	return server, asked
}

const unknownKey = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IngifQ.e30.AAAA"

func TestDiscoveryTrustsOnlyTheIssuersOwnWords(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]string)
		want   error
	}{
		"its own":                  {func(map[string]string) {}, token.ErrUnknownKey},
		"another issuer":           {func(m map[string]string) { m["issuer"] += "/" }, token.ErrKeys},
		"keys of somebody else":    {func(m map[string]string) { m["jwks_uri"] = "https://elsewhere.example/keys" }, token.ErrKeys},
		"no keys":                  {func(m map[string]string) { delete(m, "jwks_uri") }, token.ErrKeys},
		"metadata behind redirect": {func(m map[string]string) { m["redirect"] = "x" }, token.ErrKeys},
	} {
		server, _ := metadataServer(t, c.change)
		verifier, err := token.Discover(server.URL, "https://api.example", token.Discovery{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := verifier.Verify(t.Context(), unknownKey); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestDiscoveryWaitsForAPortalThatIsDown(t *testing.T) {
	clock, down := consenttest.NewClock(), true
	server, asked := metadataServer(t, func(m map[string]string) {
		if down {
			m["issuer"] = ""
		}
	})
	verifier, err := token.Discover(server.URL, "https://api.example", token.Discovery{Now: clock.Now})
	if err != nil || *asked != 0 {
		t.Fatalf("%v, asked %d times at once", err, *asked)
	}
	for range 5 {
		if _, err := verifier.Verify(t.Context(), unknownKey); !errors.Is(err, token.ErrKeys) {
			t.Errorf("down: %v", err)
		}
	}
	down = false
	clock.Advance(30 * time.Second)
	for range 5 {
		if _, err := verifier.Verify(t.Context(), unknownKey); !errors.Is(err, token.ErrUnknownKey) {
			t.Errorf("up again: %v", err)
		}
	}
	if *asked != 2 {
		t.Errorf("the metadata was read %d times", *asked)
	}
}

func TestDiscoveryRefusesIssuersThatProtectNothing(t *testing.T) {
	for _, issuer := range []string{"", "http://portal.example", "portal.example", "https://user@portal.example", "https://portal.example?x", "https://portal.example/tenant", "ftp://localhost"} {
		if _, err := token.Discover(issuer, "https://api.example", token.Discovery{}); err == nil {
			t.Errorf("%q is accepted", issuer)
		}
	}
	if _, err := token.Discover("https://portal.example", "", token.Discovery{}); err == nil {
		t.Error("no audience is accepted")
	}
}
