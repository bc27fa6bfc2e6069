package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portail.example/internal/signing"
)

// The operator's key drill: look, rotate, try again too soon, revoke in a hurry.
func TestTheKeysOfARing(t *testing.T) {
	_, text, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ring.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	ctl := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append([]string{"keys"}, args...), map[string]string{}, &out)
		return out.String(), err
	}
	listed, err := ctl("list", path)
	if err != nil || !strings.Contains(listed, "signing") {
		t.Fatalf("%s %v", listed, err)
	}
	kid := strings.Fields(strings.Split(listed, "\n")[1])[0]
	if rotated, err := ctl("rotate", path); err != nil || !strings.Contains(rotated, "next") || strings.Contains(rotated, "PRIVATE") {
		t.Errorf("%s %v", rotated, err)
	}
	if _, err := ctl("rotate", path); err == nil || !strings.Contains(err.Error(), "under way") {
		t.Errorf("a second rotation: %v", err)
	}
	if revoked, err := ctl("revoke", path, kid); err != nil || strings.Contains(revoked, kid) || !strings.Contains(revoked, "signing") {
		t.Errorf("%s %v", revoked, err)
	}
	for want, args := range map[string][]string{"no such file": {"list", path + "x"}, "kid": {"revoke", path, "x"}, "SIGNING_PKCS11_MODULE": {"rotate", path, "--pkcs11", "portal"}} {
		if _, err := ctl(args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
