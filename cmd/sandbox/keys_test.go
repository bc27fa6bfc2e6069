package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"portail.example/internal/signing"
)

// change rewrites the ring of a running portal.
func (j *journey) changeRing(change func(text []byte, kid string) ([]byte, error)) {
	j.t.Helper()
	text, err := os.ReadFile(j.cfg.KeyFile)
	if err != nil {
		j.t.Fatal(err)
	}
	states, err := signing.States(text, nil, j.clock.Now())
	if err != nil {
		j.t.Fatal(err)
	}
	if text, err = change(text, states[0].KID); err == nil {
		err = signing.Replace(j.cfg.KeyFile, text)
	}
	if err != nil {
		j.t.Fatal(err)
	}
	j.clock.Advance(5 * time.Second) // the portal follows within it
}

func newKeyJourney(t *testing.T) *journey {
	t.Helper()
	return newJourney(t, func(cfg *worldConfig) { cfg.KeyFile = filepath.Join(t.TempDir(), "ring.pem") })
}

func TestARotationOnTheRunningPortalRefusesNoToken(t *testing.T) {
	j := newKeyJourney(t)
	access, refresh := j.token("marge")
	j.changeRing(func(text []byte, _ string) ([]byte, error) {
		return signing.Rotate(text, nil, signing.InMemory, j.clock.Now())
	})
	for range 13 {
		if status, body := j.get("/data/v1/quotient-familial", access); status != http.StatusOK {
			t.Fatalf("%d %v", status, body)
		}
		j.clock.Advance(4 * time.Minute)
		if status, body := j.get("/data/v1/quotient-familial", access); status != http.StatusOK {
			t.Fatalf("four minutes later: %d %v", status, body)
		}
		_, issued := j.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
		access, _ = issued["access_token"].(string)
		refresh, _ = issued["refresh_token"].(string)
	}
}

func TestARevokedKeyOnTheRunningPortal(t *testing.T) {
	j := newKeyJourney(t)
	access, refresh := j.token("marge")
	if status, _ := j.get("/data/v1/quotient-familial", access); status != http.StatusOK {
		t.Fatal("it never worked")
	}
	j.changeRing(func(text []byte, kid string) ([]byte, error) {
		return signing.Revoke(text, nil, kid, signing.InMemory, j.clock.Now())
	})
	if status, body := j.get("/data/v1/quotient-familial", access); status != http.StatusUnauthorized || errorCode(body) != "00101" {
		t.Errorf("the data API: %d %v", status, body)
	}
	if _, body := j.post("/oauth/introspect", url.Values{"token": {access}}); body["active"] != false {
		t.Errorf("introspection: %v", body)
	}
	_, issued := j.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
	fresh, _ := issued["access_token"].(string)
	if status, body := j.get("/data/v1/quotient-familial", fresh); status != http.StatusOK {
		t.Errorf("after a renewal: %d %v", status, body)
	}
}
