package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
	"portail.example/internal/postgres/pgtest"
)

func TestAnAuditorNeedsTheKeyAndTheCheckpointsTheyKept(t *testing.T) {
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	world := consenttest.NewWorldOn(t, db)
	world.Issued(t, world.Push())
	sign, err := ledger.NewSigner("portal.example/ledger", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Sequence(t.Context(), sign, time.Now()); err != nil {
		t.Fatal(err)
	}
	note, err := db.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := file("key", sign.PublicKey()+"\n")
	environ := map[string]string{"DATABASE_URL": url}
	var out strings.Builder
	if err := run(t.Context(), []string{"ledger", "verify", key, file("kept", note)}, environ, &out); err != nil || !strings.HasPrefix(out.String(), "intact: ") {
		t.Errorf("%q, %v", out.String(), err)
	}
	for name, args := range map[string][]string{
		"no key": {}, "no such file": {folder + "/none"}, "not a key": {file("x", "x")}, "not a checkpoint": {key, file("y", "y")},
		"too large": {file("z", strings.Repeat("z", maxNote+1))},
	} {
		if err := run(t.Context(), append([]string{"ledger", "verify"}, args...), environ, &out); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
