package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/internal/sandbox/peers"
)

// shell is one sh in which the blocks of a guide are typed one after the other.
type shell struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

// newShell has what the demo prints, and nothing else.
func newShell(j *journey) *shell {
	j.t.Helper()
	cmd := exec.CommandContext(j.t.Context(), "sh")
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "P=" + j.PortalURL, "CLIENT_ID=" + transportID, "CLIENT_SECRET=" + j.Registered.TransportSecret, "CITIZENS=" + j.CitizenURL,
	}
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	cmd.Stderr = cmd.Stdout
	if errIn != nil || errOut != nil {
		j.t.Fatal(errIn, errOut)
	}
	if err := cmd.Start(); err != nil {
		j.t.Fatal(err)
	}
	j.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &shell{j.t, in, bufio.NewReader(out)}
}

// run types a block and returns what it printed.
func (s *shell) run(block string) string {
	s.t.Helper()
	const end = "-- end of block --"
	if _, err := io.WriteString(s.in, block+"\necho; echo '"+end+"'\n"); err != nil {
		s.t.Fatal(err)
	}
	var printed strings.Builder
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			s.t.Fatalf("%v after\n%s", err, printed.String())
		}
		if strings.TrimSpace(line) == end {
			return printed.String()
		}
		printed.WriteString(line)
	}
}

var (
	blocks   = regexp.MustCompile("(?s)```sh\n(.*?)```")
	promises = regexp.MustCompile(`(?m)^# (.*)$`)
)

// promised is what a comment says will be printed, as an expression: "…" stands for
// anything, and a status before a body is not printed.
func promised(comment string) *regexp.Regexp {
	comment = regexp.MustCompile(`^\d{3}(, .*|: .*)? *(\{)`).ReplaceAllString(comment, "$2")
	comment, _, _ = strings.Cut(comment, ", or ")
	comment, _, _ = strings.Cut(comment, ": this token")
	return regexp.MustCompile(`(?s)` + strings.ReplaceAll(regexp.QuoteMeta(comment), "…", `.*`))
}

// The guide for administrations is typed as it stands, block after block, with curl
// and nothing else; each block prints what its comments promise.
func TestTheGuideForAdministrationsDoesWhatItSays(t *testing.T) {
	j := newJourney(t)
	guide, err := os.ReadFile("../../docs/administration.md")
	if err != nil {
		t.Fatal(err)
	}
	sh, kept := newShell(j), 0
	for _, block := range blocks.FindAllStringSubmatch(string(guide), -1) {
		j.clock.Advance(consent.PollInterval)
		printed := sh.run(block[1])
		for _, promise := range promises.FindAllStringSubmatch(block[1], -1) {
			kept++
			if !promised(promise[1]).MatchString(printed) {
				t.Errorf("%s\nprinted %s\nnot %s", block[1], printed, promise[1])
			}
		}
	}
	if kept < 14 {
		t.Errorf("%d promises in the guide", kept)
	}
}

// programs of docs/clients.md, by the language of their block.
func program(t *testing.T, language string) string {
	t.Helper()
	guide, err := os.ReadFile("../../docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(guide), "```"+language+"\n")
	source, _, _ := strings.Cut(rest, "```")
	if !found {
		t.Fatalf("no program in %s", language)
	}
	return source
}

// The programs of the guide run as they stand, with libraries that none of us wrote.
func TestTheProgramsOfTheGuideRun(t *testing.T) {
	j := newJourney(t, onTheRealClock)
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(program(t, "go")), 0o600); err != nil {
		t.Fatal(err)
	}
	node, err := peers.Source(program(t, "js"))
	if err != nil {
		t.Fatal(err)
	}
	for name, cmd := range map[string]*exec.Cmd{"Go": exec.CommandContext(t.Context(), "go", "run", file), "Node": node} {
		cmd.Env = append(os.Environ(), "P="+j.PortalURL, "CLIENT_ID="+transportID, "CLIENT_SECRET="+j.Registered.TransportSecret, "CITIZENS="+j.CitizenURL)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "QF 700, CNAF\n") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
