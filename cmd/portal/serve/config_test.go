package serve

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caarlos0/env/v11"
	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/internal/apiparticulier"
	"portail.example/internal/signing"
)

// complete is an environment that starts a portal.
func complete(t *testing.T) map[string]string {
	t.Helper()
	_, pem, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"PORTAL_URL": "https://consentement.example", "DATABASE_URL": "postgres://localhost/portal",
		"MASTER_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "SIGNING_KEY": string(pem),
		"FRANCECONNECT_ISSUER": "https://fc.example/api/v2", "FRANCECONNECT_CLIENT_ID": "portal", "FRANCECONNECT_CLIENT_SECRET": "secret",
		"API_PARTICULIER_URL": "https://api.example", "API_PARTICULIER_TOKEN": "token",
	}
}

func TestACompleteEnvironmentIsAccepted(t *testing.T) {
	if _, err := Load(complete(t)); err != nil {
		t.Fatal(err)
	}
}

func TestEveryFaultIsReportedAtOnce(t *testing.T) {
	environ := complete(t)
	delete(environ, "DATABASE_URL")
	environ["PORTAL_URL"] = "https://consentement.example/"
	environ["MASTER_KEY"] = "short"
	environ["TOKEN_LIFETIME"] = "1h"
	environ["TRUSTED_PROXIES"] = "10.0.0.0/8,somewhere"
	environ["FRANCECONNECT_JWKS_URI"] = "https://fc.example/jwks"
	environ["API_PARTICULIER_URL"] = "http://api.example"
	environ["API_PARTICULIER_TIMEOUT"] = "1m"
	environ["API_PARTICULIER_RECIPIENT_RATE"] = "16"
	environ["API_PARTICULIER_RECIPIENT_CALLS"] = "65"
	environ["API_PARTICULIER_COOL_DOWN"] = "0s"
	delete(environ, "FRANCECONNECT_CLIENT_ID")
	_, err := Load(environ)
	for _, want := range []string{"DATABASE_URL", "PORTAL_URL", "MASTER_KEY", "TOKEN_LIFETIME", "somewhere", "FRANCECONNECT_JWKS_URI", "API_PARTICULIER_URL", "API_PARTICULIER_TIMEOUT", "API_PARTICULIER_RECIPIENT_RATE", "API_PARTICULIER_RECIPIENT_CALLS", "API_PARTICULIER_COOL_DOWN", "FRANCECONNECT_CLIENT_ID"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not reported in:\n%v", want, err)
		}
	}
}

func TestHabilitationsAreRead(t *testing.T) {
	environ := complete(t)
	environ["API_PARTICULIER_HABILITATIONS"] = `[{"recipient":"21990012300015","delegation_id":"d1"},{"recipient":"21990013100018","token":"secret-t"}]`
	cfg, err := Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cfg.APIParticulier.habilitations()
	want := map[consent.SIRET]apiparticulier.Habilitation{"21990012300015": {DelegationID: "d1"}, "21990013100018": {Token: "secret-t"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for name, text := range map[string]string{
		"not JSON": "secret-t", "not a list": `{"token":"secret-t"}`, "unknown member": `[{"recipient":"21990012300015","tokn":"secret-t"}]`, "more behind": `[] "secret-t"`,
		"no SIRET": `[{"recipient":"123","token":"secret-t"}]`, "neither": `[{"recipient":"21990012300015"}]`, "both": `[{"recipient":"21990012300015","token":"secret-t","delegation_id":"d"}]`,
		"twice": `[{"recipient":"21990012300015","token":"secret-t"},{"recipient":"21990012300015","delegation_id":"d"}]`,
	} {
		environ["API_PARTICULIER_HABILITATIONS"] = text
		if _, err := Load(environ); err == nil || !strings.Contains(err.Error(), "API_PARTICULIER_HABILITATIONS") || strings.Contains(err.Error(), "secret-t") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAskingForDataNeedsAName(t *testing.T) {
	environ := complete(t)
	environ["FRANCECONNECT_DATA"], environ["API_PARTICULIER_FRANCECONNECT_HOUR"] = "cnaf_enfants prime_activite", "600"
	_, err := Load(environ)
	for _, want := range []string{"FRANCECONNECT_DATA", "API_PARTICULIER_FRANCECONNECT_HOUR"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not reported in: %v", want, err)
		}
	}
	environ["API_PARTICULIER_OWN_SIRET"], environ["API_PARTICULIER_FRANCECONNECT_HOUR"] = "13990012000003", "580"
	cfg, err := Load(environ)
	if err != nil || !slices.Equal(cfg.FranceConnect.Data, []string{"cnaf_enfants", "prime_activite"}) {
		t.Error(cfg.FranceConnect.Data, err)
	}
	// What FranceConnect does not know, or no look could use, would fail every sign-in or
	// show the citizen a scope for nothing.
	for _, scope := range []string{"true", "cnaf_enfant", "mesri_admission_etablissement_etudes", "mesri_identite", "openid"} {
		environ["FRANCECONNECT_DATA"] = "cnaf_enfants " + scope
		if _, err := Load(environ); err == nil || !strings.Contains(err.Error(), scope) {
			t.Errorf("%s: %v", scope, err)
		}
	}
}

func TestAMissingVariableIsNamed(t *testing.T) {
	for name := range complete(t) {
		t.Run(name, func(t *testing.T) {
			environ := complete(t)
			delete(environ, name)
			if _, err := Load(environ); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v, want %s named", err, name)
			}
		})
	}
}

// ProConnect is left out whole, or given whole.
func TestProConnectIsAllOrNothing(t *testing.T) {
	whole := map[string]string{"PROCONNECT_ISSUER": "https://pc.example/api/v2", "PROCONNECT_CLIENT_ID": "portal", "PROCONNECT_CLIENT_SECRET": "secret"}
	with := func(change map[string]string) error {
		environ := complete(t)
		maps.Copy(environ, whole)
		maps.Copy(environ, change)
		_, err := Load(environ)
		return err
	}
	if err := with(nil); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"PROCONNECT_ISSUER": "", "PROCONNECT_CLIENT_ID": "", "PROCONNECT_CLIENT_SECRET": "", "PROCONNECT_SIGNING_ALG": "HS256", "PROCONNECT_JWKS_URI": "https://pc.example/jwks",
	} {
		if err := with(map[string]string{name: value}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := with(map[string]string{"PROCONNECT_ISSUER": "http://pc.example"}); err == nil {
		t.Error("http is accepted")
	}
}

func TestASecretIsReadFromItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("from-the-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := complete(t)
	delete(environ, "FRANCECONNECT_CLIENT_SECRET")
	environ["FRANCECONNECT_CLIENT_SECRET_FILE"] = path
	cfg, err := Load(environ)
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.FranceConnect.ClientSecret.Value(); got != "from-the-file" {
		t.Errorf("read %q", got)
	}
}

func TestASecretGivenTwiceIsRefused(t *testing.T) {
	environ := complete(t)
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ["API_PARTICULIER_TOKEN_FILE"] = path
	if _, err := Load(environ); err == nil || !strings.Contains(err.Error(), "both set") {
		t.Errorf("got %v", err)
	}
}

// The table of docs/configuration.md is what operators read: a variable that is
// missing there does not exist for them.
func TestTheDocumentedTableIsTheConfiguration(t *testing.T) {
	fields, err := env.GetFieldParams(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	var real []string
	for _, field := range fields {
		if name := strings.TrimSuffix(field.Key, "_FILE"); name != "" && !slices.Contains(real, name) {
			real = append(real, name)
		}
	}
	doc, err := os.ReadFile("../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z0-9_]+)` \\|").FindAllSubmatch(doc, -1) {
		documented = append(documented, string(row[1]))
	}
	slices.Sort(real)
	slices.Sort(documented)
	if diff := cmp.Diff(real, documented); diff != "" {
		t.Errorf("configuration (-) and docs/configuration.md (+) differ:\n%s", diff)
	}
}

func TestDefaultsAreTheDocumentedOnes(t *testing.T) {
	fields, err := env.GetFieldParams(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range fields {
		if field.DefaultValue != "" && !strings.Contains(string(doc), "| `"+field.Key+"` | `"+field.DefaultValue+"` |") {
			t.Errorf("%s: the default %q is not the documented one", field.Key, field.DefaultValue)
		}
	}
}
