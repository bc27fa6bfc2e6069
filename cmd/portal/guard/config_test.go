package guard

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caarlos0/env/v11"
)

func complete() map[string]string {
	return map[string]string{
		"PORTAL_URL": "https://consentement.example", "GATEWAY_URL": "https://aides.example", "GATEWAY_AUDIENCE": "https://aides.example",
		"GATEWAY_CLIENT_ID": "fournisseur-aides", "GATEWAY_CLIENT_SECRET": "secret", "GATEWAY_DATATYPES": "quotient_familial enfants",
	}
}

func TestWhatIsMissingOrWrongIsNamed(t *testing.T) {
	upstream := []string{"--upstream", "http://127.0.0.1:9000"}
	if cfg, err := Load(upstream, complete()); err != nil || len(cfg.Datatypes) != 2 || cfg.Upstream.Host != "127.0.0.1:9000" {
		t.Fatalf("%+v, %v", cfg, err)
	}
	for name := range complete() {
		environ := complete()
		delete(environ, name)
		if _, err := Load(upstream, environ); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	for name, value := range map[string]string{"GATEWAY_URL": "https://aides.example/v1", "GATEWAY_MAX_CALLS": "0", "GATEWAY_MAX_BODY": "-1"} {
		environ := maps.Clone(complete())
		environ[name] = value
		if _, err := Load(upstream, environ); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	for _, args := range [][]string{nil, {"--upstream", "9000"}, {"--upstream", "ftp://x"}, {"--upstream", "http://u:p@x"}, {"--upstream", "http://x", "more"}} {
		if _, err := Load(args, complete()); err == nil || !strings.Contains(err.Error(), "--upstream") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// The table of the guide is what providers read.
func TestTheGuideHasEverySettingOfTheGateway(t *testing.T) {
	fields, err := env.GetFieldParams(&Config{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../../docs/data-provider.md")
	if err != nil {
		t.Fatal(err)
	}
	real := map[string]string{}
	for _, field := range fields {
		if name := strings.TrimSuffix(field.Key, "_FILE"); name != "" {
			real[name] = field.DefaultValue
		}
	}
	documented := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| (?:required|`([^`]*)`) \\|").FindAllSubmatch(doc, -1) {
		documented[string(row[1])] = string(row[2])
	}
	if !maps.Equal(real, documented) {
		t.Errorf("settings %v, documented %v", slices.Sorted(maps.Keys(real)), documented)
	}
}
