package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portail.example/internal/postgres/pgtest"
)

// The operator's morning: register, look, suspend, look, resume. The secret
// survives it.
func TestAnAdministrationFromRegistrationToSuspension(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mairie.json")
	if err := os.WriteFile(file, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := map[string]string{"DATABASE_URL": pgtest.URL(t)}
	steps := []struct {
		args string
		want string
	}{
		{"add " + file, "client secret, shown once: "},
		{"list", "mairie-essai  active     21990012300015  Commune d’essai"},
		{"suspend mairie-essai", "suspended mairie-essai"},
		{"suspend mairie-essai", "suspended mairie-essai"},
		{"list", "mairie-essai  suspended  21990012300015"},
		{"resume mairie-essai", "resumed mairie-essai"},
		{"list", "mairie-essai  active"},
	}
	for _, step := range steps {
		var out bytes.Buffer
		if err := run(t.Context(), append([]string{"administration"}, strings.Fields(step.args)...), environ, &out); err != nil {
			t.Fatalf("%s: %v", step.args, err)
		}
		if squeezed := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(squeezed, strings.Join(strings.Fields(step.want), " ")) {
			t.Errorf("%s: %s", step.args, out.String())
		}
	}
	if err := run(t.Context(), []string{"administration", "suspend", "nobody"}, environ, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestBadCommandsAreToldHow(t *testing.T) {
	for _, args := range [][]string{{}, {"administration"}, {"administration", "add"}, {"administration", "list", "x"}, {"keys", "rotate", "now"}, {"administration", "delete", "x"}} {
		if err := run(t.Context(), args, map[string]string{}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "usage: consentctl") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
