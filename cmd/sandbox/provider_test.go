package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"portail.example/consent/token"
	"portail.example/internal/sandbox/peers"
)

// A data provider elsewhere, with nothing but the public package and the portal's
// addresses, sees a withdrawal within a minute.
func TestAnOfflineVerifierSeesTheWithdrawal(t *testing.T) {
	j := newJourney(t)
	keys := token.NewRemoteKeys(j.PortalURL+"/oauth/jwks", nil, j.clock.Now)
	lists, err := token.NewStatusLists(token.StatusConfig{Issuer: j.PortalURL, Keys: keys, Now: j.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: j.PortalURL, Audience: j.PortalURL + "/data", Keys: keys, Status: lists, Now: j.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	access, _ := j.token("sophie")
	if _, err := verifier.Verify(t.Context(), access); err != nil {
		t.Fatal(err)
	}
	j.b.Post(j.find(hrefs, j.b.Get(j.PortalURL+"/home"), "/consents/")+"/withdraw", nil)
	j.clock.Advance(time.Minute)
	if _, err := verifier.Verify(t.Context(), access); !errors.Is(err, token.ErrRevoked) {
		t.Errorf("a minute after the withdrawal: %v", err)
	}
}

// The test vectors mean the same to software that none of us wrote.
func TestVectorsInJose(t *testing.T) {
	file, err := filepath.Abs("../../consent/token/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Tokens []struct{ Name, Verdict string }
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]string{}
	peers.Start(t, "vectors.mjs", map[string]string{"file": file}).Read(&verdicts)
	for _, v := range vectors.Tokens {
		if valid := verdicts[v.Name] == "valid"; valid != (v.Verdict == "valid") {
			t.Errorf("%s: jose says %q, the vector %q", v.Name, verdicts[v.Name], v.Verdict)
		}
	}
	if len(verdicts) != len(vectors.Tokens) {
		t.Errorf("%d verdicts on %d vectors", len(verdicts), len(vectors.Tokens))
	}
}
