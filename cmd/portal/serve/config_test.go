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
