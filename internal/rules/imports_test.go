package rules

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

const module = "portail.example/"

// room is a package and what it imports, tests left out.
type room struct {
	Path    string // without the module
	Imports []string
}

// rooms asks the go command.
func rooms(t *testing.T) []room {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []room
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		list = append(list, room{strings.TrimPrefix(p.ImportPath, module), p.Imports})
	}
	return list
}

// at reports whether a package is a folder or below it.
func at(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func atAny(path string, folders ...string) bool {
	for _, folder := range folders {
		if at(path, folder) {
			return true
		}
	}
	return false
}

// second is the room inside portal or internal: internal/postgres/pgtest is in
// internal/postgres.
func second(path string) string {
	parts := strings.SplitN(path, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// direction is cmd → portal → consent ← internal. Words and numbers (i18n) are
// what pages are made of; the stand-ins and pgtest are for tests and the demo; both
// ways to sign in stand on one relying party (openid).
func direction(from, to string) bool {
	switch {
	case at(from, "cmd"):
		return true
	case at(from, "consent"):
		return at(to, "consent") && (from != "consent" || to == "consent")
	case at(from, "portal"):
		shared := atAny(to, "portal/web", "portal/assets") && !atAny(from, "portal/assets")
		forTests := from == "portal/web/webtest" && atAny(to, "locales", "templates")
		return atAny(to, "consent", "internal/i18n") || shared || forTests || second(from) == second(to)
	case from == "internal/postgres/pgtest":
		return atAny(to, "consent", "internal/postgres", "internal/sandbox/postgres", "migrations")
	case at(from, "internal/postgres"):
		return atAny(to, "consent", "internal/postgres", "migrations")
	case at(from, "internal/sandbox"):
		return atAny(to, "consent", "internal/sandbox/openid")
	case atAny(from, "internal/franceconnect", "internal/proconnect"):
		return atAny(to, "consent", "internal/openid") || second(from) == second(to)
	case at(from, "internal"):
		return at(to, "consent") || second(from) == second(to)
	}
	return false // templates, locales, migrations: files only
}

// owners are the modules that belong to some rooms only.
var owners = map[string][]string{
	"github.com/gin-gonic/":           {"portal", "cmd"},
	"github.com/jackc/pgx/":           {"internal/postgres", "cmd"},
	"github.com/pressly/goose/":       {"internal/postgres"},
	"github.com/coreos/go-oidc/":      {"internal/openid"},
	"golang.org/x/oauth2":             {"internal/openid"},
	"github.com/golang-jwt/jwt/":      {"consent/token", "internal/signing", "internal/events", "portal/oauth"},
	"github.com/nicksnyder/go-i18n/":  {"internal/i18n"},
	"github.com/BurntSushi/toml":      {"internal/i18n"},
	"golang.org/x/text/":              {"internal/i18n", "internal/sandbox/apiparticulier"},
	"github.com/go-jose/go-jose/":     {"internal/signing", "internal/openid", "internal/sandbox", "portal/oauth", "cmd"},
	"github.com/ThalesGroup/crypto11": {"internal/signing"},
	"golang.org/x/net/":               {"internal/sandbox"},
	"rsc.io/qr":                       {"portal/oauth", "consent/export"},
	"golang.org/x/mod/":               {"consent/ledger", "consent/consenttest", "internal/postgres"},
	"golang.org/x/time/":              {"portal/web"},
	"github.com/wneessen/go-mail":     {"internal/mail"},
	"github.com/emersion/go-smtp":     {"internal/sandbox/mailbox"},
	"github.com/caarlos0/env/":        {"cmd"},
	"codeberg.org/go-pdf/":            {"consent/export"},
	"golang.org/x/image/":             {"consent/export"},
	"github.com/google/go-cmp/":       {"consent/consenttest"},
}

// broken lists what a room imports and should not.
func broken(r room) (out []string) {
	for _, imported := range r.Imports {
		inside, ours := strings.CutPrefix(imported, module)
		switch {
		case ours && !direction(r.Path, inside):
			out = append(out, r.Path+" imports "+inside)
		case !ours && strings.Contains(strings.Split(imported, "/")[0], ".") && !owned(r.Path, imported):
			out = append(out, r.Path+" imports "+imported)
		}
	}
	return out
}

// owned reports whether a foreign package may be imported there. A module that
// nobody argued for is nobody's.
func owned(path, imported string) bool {
	for prefix, folders := range owners {
		if strings.HasPrefix(imported, prefix) {
			return atAny(path, folders...)
		}
	}
	return false
}

func TestImports(t *testing.T) {
	for _, r := range rooms(t) {
		for _, fault := range broken(r) {
			t.Error(fault)
		}
	}
}

func TestTheImportRuleCanFail(t *testing.T) {
	for _, r := range []room{
		{"consent", []string{"github.com/google/uuid"}}, {"consent", []string{module + "consent/token"}}, {"consent", []string{module + "internal/i18n"}},
		{"consent/token", []string{module + "portal/web"}}, {"consent/token", []string{"github.com/go-jose/go-jose/v4"}},
		{"portal/citizen", []string{module + "portal/oauth"}}, {"portal/gateway", []string{module + "internal/apiparticulier"}},
		{"portal/citizen", []string{"github.com/jackc/pgx/v5"}}, {"portal/citizen", []string{module + "cmd/portal/serve"}},
		{"internal/signing", []string{module + "internal/postgres"}}, {"internal/franceconnect", []string{module + "portal/web"}}, {"internal/proconnect", []string{module + "internal/franceconnect"}},
		{"internal/franceconnect", []string{"github.com/golang-jwt/jwt/v5"}}, {"internal/postgres", []string{"github.com/gin-gonic/gin"}},
		{"internal/sandbox/townhall", []string{module + "internal/signing"}}, {"internal/signing", []string{"golang.org/x/oauth2"}},
		{"templates", []string{module + "consent"}}, {"portal/assets", []string{module + "portal/web"}},
	} {
		if len(broken(r)) != 1 {
			t.Errorf("%s may import %s", r.Path, r.Imports[0])
		}
	}
}
