package signing_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/internal/signing"
)

// ringFile is a ring in a file, with one key, and a clock.
func ringFile(t *testing.T) (path string, ring *signing.Ring, clock *consenttest.Clock, log *bytes.Buffer) {
	t.Helper()
	_, text, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	path, clock, log = filepath.Join(t.TempDir(), "ring.pem"), consenttest.NewClock(), &bytes.Buffer{}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	ring, err = signing.OpenRing(path, nil, slog.New(slog.NewTextHandler(log, nil)), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return path, ring, clock, log
}

func rotate(t *testing.T, path string, now time.Time) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = signing.Rotate(text, nil, signing.InMemory, now); err != nil {
		t.Fatal(err)
	}
	if err := signing.Replace(path, text); err != nil {
		t.Fatal(err)
	}
}

func mint(t *testing.T, ring *signing.Ring) string {
	t.Helper()
	raw, err := ring.MintEvent(token.EventClaims{Issuer: "https://p.example", Audience: "c", ID: "j", Events: map[string]token.Event{"e": {}}})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// accepts checks a token with a published key set, which may be some minutes old.
func accepts(t *testing.T, set []byte, raw string) bool {
	t.Helper()
	keys, err := token.ParseKeys(set)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: "https://p.example", Audience: "c", Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	_, err = verifier.VerifyEvent(t.Context(), raw)
	return err == nil
}

// Minute by minute through a rotation: whoever keeps the key set for five minutes
// never meets a token whose key they cannot find, and tokens of fifteen minutes
// live to their end.
func TestARotationRefusesNobody(t *testing.T) {
	path, ring, clock, _ := ringFile(t)
	first := mint(t, ring)
	rotate(t, path, clock.Now())
	var sets [][]byte
	var tokens []string
	for minute := range 60 {
		sets, tokens = append(sets, ring.JWKS()), append(tokens, mint(t, ring))
		for age := range min(minute+1, 6) {
			if !accepts(t, sets[minute-age], tokens[minute]) {
				t.Errorf("minute %d: refused with the key set of %d minutes ago", minute, age)
			}
		}
		for age := range min(minute+1, 16) {
			if !accepts(t, sets[minute], tokens[minute-age]) {
				t.Errorf("minute %d: a token of %d minutes is refused", minute, age)
			}
		}
		clock.Advance(time.Minute)
	}
	if accepts(t, sets[59], first) || !accepts(t, sets[0], first) {
		t.Error("the former key is published for ever, or never was")
	}
	if rotate(t, path, clock.Now()); strings.Count(string(read(t, path)), "PRIVATE KEY-----\n") != 2*2 {
		t.Errorf("a retired key stays in the ring:\n%s", kinds(read(t, path)))
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// kinds shows a ring without its keys.
func kinds(text []byte) string {
	var out []string
	for _, line := range strings.Split(string(text), "\n") {
		if strings.Contains(line, ":") || strings.Contains(line, "BEGIN") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func TestARotationWaitsForTheOneUnderWay(t *testing.T) {
	path, _, clock, _ := ringFile(t)
	rotate(t, path, clock.Now())
	for _, later := range []time.Duration{0, signing.Notice, signing.Notice + signing.Overlap - time.Second} {
		if _, err := signing.Rotate(read(t, path), nil, signing.InMemory, clock.Now().Add(later)); err == nil || !strings.Contains(err.Error(), "under way") {
			t.Errorf("after %s: %v", later, err)
		}
	}
	rotate(t, path, clock.Now().Add(signing.Notice+signing.Overlap))
}

func TestARevokedKeyIsWorthNothingWithinSeconds(t *testing.T) {
	path, ring, clock, _ := ringFile(t)
	stolen := mint(t, ring)
	states, err := signing.States(read(t, path), nil, clock.Now())
	if err != nil || len(states) != 1 || states[0].What != "signing" {
		t.Fatal(states, err)
	}
	text, err := signing.Revoke(read(t, path), nil, states[0].KID, signing.InMemory, clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := signing.Replace(path, text); err != nil {
		t.Fatal(err)
	}
	clock.Advance(5 * time.Second)
	fresh := mint(t, ring)
	if accepts(t, ring.JWKS(), stolen) || !accepts(t, ring.JWKS(), fresh) {
		t.Error("the stolen key still counts, or the fresh one does not")
	}
	if _, err := ring.Key(t.Context(), states[0].KID); err != token.ErrUnknownKey {
		t.Errorf("the gateway still finds it: %v", err)
	}
	if _, err := signing.Revoke(text, nil, states[0].KID, signing.InMemory, clock.Now()); err == nil {
		t.Error("a key that is not there was revoked")
	}
}

func TestRevokingTheNextKeyKeepsTheOneThatSigns(t *testing.T) {
	path, ring, clock, _ := ringFile(t)
	rotate(t, path, clock.Now())
	states, err := signing.States(read(t, path), nil, clock.Now())
	if err != nil || len(states) != 2 || states[1].What != "next" {
		t.Fatal(states, err)
	}
	text, err := signing.Revoke(read(t, path), nil, states[1].KID, signing.InMemory, clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := signing.Replace(path, text); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute)
	if !accepts(t, ring.JWKS(), mint(t, ring)) {
		t.Error("nothing signs any more")
	}
}

func TestABrokenFileChangesNothingAndIsTold(t *testing.T) {
	path, ring, clock, log := ringFile(t)
	before := ring.JWKS()
	retired := strings.Replace(string(read(t, path)), "-----\n", "-----\nRetired-At: 2020-01-01T00:00:00Z\n\n", 1)
	for _, text := range []string{"", "rubbish", retired, strings.Replace(retired, "2020-01-01T00:00:00Z", "yesterday", 1)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		log.Reset()
		clock.Advance(time.Minute)
		if !bytes.Equal(ring.JWKS(), before) || !strings.Contains(log.String(), "keeps its last state") || strings.Contains(log.String(), "PRIVATE") {
			t.Errorf("%.20q: log %s", text, log)
		}
	}
}

func TestReplacingARingKeepsItsModeAndLeavesNothingBeside(t *testing.T) {
	path, _, clock, _ := ringFile(t)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	rotate(t, path, clock.Now())
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestAKeyOfASecurityModuleNeedsOne(t *testing.T) {
	text := "-----BEGIN PKCS11 KEY-----\nKey-Label: k\nToken-Label: t\n\nYWJj\n-----END PKCS11 KEY-----\n"
	if _, err := signing.NewRing([]byte(text), nil, time.Now); err == nil || !strings.Contains(err.Error(), "security module") {
		t.Errorf("%v", err)
	}
}
