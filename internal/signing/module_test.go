//go:build pkcs11

package signing_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/internal/signing"
)

// softHSM is a fresh SoftHSM token, gone after the test.
func softHSM(t *testing.T) *signing.Module {
	t.Helper()
	dir := t.TempDir()
	conf := filepath.Join(dir, "softhsm2.conf")
	if err := os.WriteFile(conf, []byte("directories.tokendir = "+dir+"\nobjectstore.backend = file\nlog.level = ERROR\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", conf)
	if out, err := exec.CommandContext(t.Context(), "softhsm2-util", "--init-token", "--free", "--label", "portal", "--pin", "1234", "--so-pin", "5678").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s (make test installs softhsm2)", err, out)
	}
	for _, path := range []string{"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"} {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		module, err := signing.OpenModule(path, "1234")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = module.Close() })
		return module
	}
	t.Fatal("libsofthsm2 is not where it usually is")
	return nil
}

// From a key in a file to one that never leaves the security module, without a
// token refused; then the emergency.
func TestARotationIntoASecurityModule(t *testing.T) {
	module := softHSM(t)
	now := time.Now()
	_, text, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	if text, err = signing.Rotate(text, module.Open, module.Make("portal"), now); err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), "BEGIN PKCS11 KEY") != 1 || !strings.Contains(string(text), "Token-Label: portal") {
		t.Fatalf("%s", kinds(text))
	}
	at := func(when time.Duration) *signing.Ring {
		ring, err := signing.NewRing(text, module.Open, func() time.Time { return now.Add(when) })
		if err != nil {
			t.Fatal(err)
		}
		return ring
	}
	former, inside := mint(t, at(0)), mint(t, at(signing.Notice))
	if !accepts(t, at(0).JWKS(), inside) || !accepts(t, at(signing.Notice).JWKS(), former) || accepts(t, at(signing.Notice+signing.Overlap).JWKS(), former) {
		t.Error("the overlap is not one")
	}
	states, err := signing.States(text, module.Open, now.Add(signing.Notice))
	if err != nil || len(states) != 2 || states[1].What != "signing" {
		t.Fatal(states, err)
	}
	if text, err = signing.Revoke(text, module.Open, states[1].KID, module.Make("portal"), now.Add(signing.Notice)); err != nil {
		t.Fatal(err)
	}
	if fresh := mint(t, at(signing.Notice)); accepts(t, at(signing.Notice).JWKS(), inside) || !accepts(t, at(signing.Notice).JWKS(), fresh) {
		t.Error("the revoked key of the module still counts")
	}
}

func TestASecurityModuleWithAnotherKeyUnderTheLabelIsRefused(t *testing.T) {
	module := softHSM(t)
	_, text, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	if text, err = signing.Rotate(text, module.Open, module.Make("portal"), time.Now()); err != nil {
		t.Fatal(err)
	}
	block, err := module.Make("portal")()
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "Key-Label: ")
	label, _, _ := strings.Cut(after, "\n")
	for _, other := range []string{block.Headers["Key-Label"], "nothing"} {
		if _, err := signing.NewRing([]byte(strings.Replace(string(text), label, other, 1)), module.Open, time.Now); err == nil {
			t.Errorf("label %s: accepted", other)
		}
	}
}
