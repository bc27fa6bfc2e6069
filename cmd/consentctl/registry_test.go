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
		{"list", "mairie-essai administration active 21990012300015  Commune d’essai"},
		{"suspend mairie-essai", "suspended mairie-essai"},
		{"suspend mairie-essai", "suspended mairie-essai"},
		{"list", "mairie-essai administration suspended 21990012300015"},
		{"resume mairie-essai", "resumed mairie-essai"},
		{"list", "mairie-essai administration active"},
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
	for _, args := range [][]string{{}, {"administration"}, {"administration", "add"}, {"administration", "list", "x"}, {"keys", "turn"}, {"keys", "rotate"}, {"keys", "turn", "now"}, {"administration", "delete", "x"},
		{"purge", "now"}, {"purge", "--past", "x"}, {"hold"}, {"hold", "set", "x"}, {"erasure", "approve", "x"}} {
		if err := run(t.Context(), args, map[string]string{}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "usage: consentctl") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

const editorFile = `{
  "client_id": "editeur-essai", "kind": "editor", "siret": "55208131766522", "legal_name": "Logiciels d’essai", "service_name": "Guichet",
  "habilitation": "E-1", "dpo_contact": "dpo@editeur.example", "redirect_uris": ["https://editeur.example/callback"], "auth_method": "client_secret_basic"
}`

const delegationFile = `{
  "siret": "21990014900010", "legal_name": "Commune de Valbois", "service_name": "Cantine", "habilitation": "V-1", "dpo_contact": "dpo@valbois.example",
  "data_groups": ["quotient_familial"], "retention_months": {"tarification-cantine": 12}
}`

const keysFile = `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`

// An editor, its authorities, and the end of one delegation.
func TestAnEditorAndItsDelegations(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"editor.json": editorFile, "valbois.json": delegationFile, "keys.json": keysFile, "mairie.json": good} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	environ := map[string]string{"DATABASE_URL": pgtest.URL(t)}
	steps := []struct{ args, want, fault string }{
		{"delegate editeur-essai valbois.json", "", "nobody is registered"},
		{"add editor.json", "client secret, shown once: ", ""},
		{"add mairie.json", "registered mairie-essai", ""},
		{"delegate mairie-essai valbois.json", "", "not an editor"},
		{"delegate editeur-essai editor.json", "", "not a registration file"},
		{"delegate editeur-essai valbois.json", "editeur-essai may act for 21990014900010 (Commune de Valbois)", ""},
		{"delegations editeur-essai", "21990014900010 active Commune de Valbois", ""},
		{"revoke editeur-essai 21990014900010", "no longer acts", ""},
		{"revoke editeur-essai 21990014900010", "", "no delegation"},
		{"delegations editeur-essai", "21990014900010 revoked", ""},
		{"keys mairie-essai keys.json", "mairie-essai has new keys", ""},
		{"keys mairie-essai mairie.json", "", "jwks"},
	}
	for _, step := range steps {
		var out bytes.Buffer
		args := strings.Fields(step.args)
		for i, arg := range args {
			if strings.HasSuffix(arg, ".json") {
				args[i] = filepath.Join(dir, arg)
			}
		}
		err := run(t.Context(), append([]string{"administration"}, args...), environ, &out)
		if squeezed := strings.Join(strings.Fields(out.String()), " "); step.fault == "" && (err != nil || !strings.Contains(squeezed, step.want)) {
			t.Errorf("%s: %v, %s", step.args, err, out.String())
		}
		if step.fault != "" && (err == nil || !strings.Contains(err.Error(), step.fault)) {
			t.Errorf("%s: %v, want %s", step.args, err, step.fault)
		}
	}
}
