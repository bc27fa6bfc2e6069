package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the top of the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// files are those of the repository: what git would commit, or every file when
// the sources came without git.
func files(t *testing.T) []string {
	t.Helper()
	list := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard")
	list.Dir = root(t)
	out, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	var found []string
	for _, name := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if _, err := os.Stat(filepath.Join(root(t), name)); err == nil {
			found = append(found, name)
		}
	}
	return found
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var top = strings.Fields("cmd portal consent templates locales migrations internal docs .ci go.mod go.sum Makefile Dockerfile README.md LICENSE .gitignore .dockerignore")

func stranger(name string) bool { return !slices.Contains(top, strings.Split(name, "/")[0]) }

func TestTopLevel(t *testing.T) {
	if !stranger("pkg/util.go") || stranger("cmd/portal/main.go") {
		t.Fatal("the rule cannot fail")
	}
	for _, name := range files(t) {
		if stranger(name) {
			t.Errorf("%s is not where things live", name)
		}
	}
}

// marks are words that no file may hold. They are put together here so that this
// file holds none.
var marks = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b|t\.Ski` + `p\(|testing\.Shor` + `t\(|(^|[^\w.])/(home|Users|work)/\w|"resol` + `ved":`)

func TestMarks(t *testing.T) {
	for _, bad := range []string{"// TO" + "DO later", "t.Ski" + "p()", " /home/" + "me/x", `"resol` + `ved": "x"`} {
		if !marks.MatchString(bad) {
			t.Errorf("%q is let through", bad)
		}
	}
	for _, name := range files(t) {
		for i, line := range strings.Split(read(t, name), "\n") {
			if marks.MatchString(line) {
				t.Errorf("%s:%d: %s", name, i+1, line)
			}
		}
	}
}

const (
	maxFile     = 300
	maxFunction = 60
)

// faults of a Go file: too long, no word about itself, init, environment reads
// outside cmd.
func faults(name, source string) (out []string) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.ParseComments)
	if err != nil {
		return []string{name + ": " + err.Error()}
	}
	if n := strings.Count(source, "\n"); n > maxFile && !strings.HasSuffix(name, "_test.go") {
		out = append(out, name+" is too long")
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncDecl:
			out = append(out, functionFaults(set, name, n)...)
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok && id.Name == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ"}, n.Sel.Name) && !mayReadEnvironment(name) {
				out = append(out, name+" reads the environment")
			}
		}
		return true
	})
	return out
}

func functionFaults(set *token.FileSet, name string, f *ast.FuncDecl) (out []string) {
	if f.Name.Name == "init" && f.Recv == nil {
		out = append(out, name+" has an init")
	}
	tests := strings.HasSuffix(name, "_test.go") // tables are long
	if set.Position(f.End()).Line-set.Position(f.Pos()).Line > maxFunction && !tests {
		out = append(out, name+": "+f.Name.Name+" is too long")
	}
	exported := f.Name.IsExported() && !tests && !strings.HasPrefix(name, "cmd/")
	if exported && f.Doc == nil && (f.Recv == nil || ast.IsExported(receiver(f))) {
		out = append(out, name+": "+f.Name.Name+" says nothing of itself")
	}
	return out
}

func receiver(f *ast.FuncDecl) string {
	expr := f.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if id, ok := expr.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// mayReadEnvironment: programs, and what starts programs for tests.
func mayReadEnvironment(name string) bool {
	return strings.HasPrefix(name, "cmd/") || strings.HasPrefix(name, "internal/postgres/pgtest/") || strings.HasPrefix(name, "internal/sandbox/peers/")
}

func TestSource(t *testing.T) {
	for _, name := range files(t) {
		if strings.HasSuffix(name, ".go") {
			for _, fault := range faults(name, read(t, name)) {
				t.Error(fault)
			}
		}
	}
}

func TestTheSourceRuleCanFail(t *testing.T) {
	for what, source := range map[string]string{
		"init": "package x\nfunc init() {}\n", "silent": "package x\nfunc Exported() {}\n",
		"environment": "package x\nimport \"os\"\nvar v = os.Getenv(\"X\")\n",
		"long":        "package x\nfunc f() {\n" + strings.Repeat("\n", maxFunction) + "}\n",
		"longer":      "package x\n" + strings.Repeat("\n", maxFile),
		"nonsense":    "package",
	} {
		if len(faults("consent/x.go", source)) != 1 {
			t.Errorf("%s is let through", what)
		}
	}
}

// Every package says what it is for, once.
func TestPackageComments(t *testing.T) {
	for _, r := range rooms(t) {
		set := token.NewFileSet()
		parsed, err := filepath.Glob(filepath.Join(root(t), r.Path, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		for _, name := range parsed {
			file, err := parser.ParseFile(set, name, nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if file.Doc != nil && !strings.HasSuffix(name, "_test.go") {
				said++
			}
		}
		if said != 1 {
			t.Errorf("%s: %d package comments", r.Path, said)
		}
	}
}
