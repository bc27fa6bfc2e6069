package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
)

// shell is one sh in which the blocks of a guide are typed one after the other.
type shell struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

// telling makes curl tell the status of each answer beside it, unless the guide's own
// -w does.
const telling = `curl() { command curl -w '%{stderr}\nHTTP %{http_code}\n' "$@"; }`

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
	sh := &shell{j.t, in, bufio.NewReader(out)}
	sh.run(telling)
	return sh
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
	// A promise is a status, what is printed, or both; words after the first form of
	// what is printed are for the reader.
	promise  = regexp.MustCompile(`^(\d{3})?(?:: .*)?\s*(\{.*?\})?(?:, or .*)?$`)
	answered = regexp.MustCompile(`(?m)^(?:HTTP )?(\d{3})$`)
)

// broken says what of a block's promises is not in what it printed: "…" in them stands
// for anything. A block that promises no refusal gets none.
func broken(block, printed string) (count int, faults []string) {
	var statuses []string
	for _, told := range answered.FindAllStringSubmatch(printed, -1) {
		statuses = append(statuses, told[1])
	}
	refusalPromised := false
	for _, line := range promises.FindAllStringSubmatch(block, -1) {
		count++
		parts := promise.FindStringSubmatch(line[1])
		if parts == nil {
			return count, []string{line[1] + " promises nothing"}
		}
		refusalPromised = refusalPromised || parts[1] >= "400"
		body := regexp.MustCompile(`(?s)` + strings.ReplaceAll(regexp.QuoteMeta(parts[2]), "…", `.*`))
		if parts[1] != "" && !slices.Contains(statuses, parts[1]) || !body.MatchString(printed) {
			faults = append(faults, line[1])
		}
	}
	if refused := slices.IndexFunc(statuses, func(s string) bool { return s >= "400" || s == "000" }); refused >= 0 && !refusalPromised {
		faults = append(faults, "no status "+statuses[refused])
	}
	return count, faults
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
		count, faults := broken(block[1], printed)
		kept += count
		if len(faults) > 0 {
			t.Errorf("%s\nprinted %s\nnot %q", block[1], printed, faults)
		}
	}
	if kept < 16 {
		t.Errorf("%d promises in the guide", kept)
	}
}

const clientsGuide = "../../docs/clients.md"

// program is the one a guide shows in a block of that name.
func program(t *testing.T, guide, block string) string {
	t.Helper()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```"+block+"\n")
	source, _, _ := strings.Cut(rest, "```")
	if !found {
		t.Fatalf("no %s in %s", block, guide)
	}
	return source
}

// The programs of the guide run as they stand, with libraries that none of us wrote.
func TestTheProgramsOfTheGuideRun(t *testing.T) {
	j := newJourney(t, onTheRealClock)
	for name, cmd := range map[string]*exec.Cmd{"Go": goProgram(t, clientsGuide), "Node": nodeProgram(t, clientsGuide, "js")} {
		cmd.Env = append(os.Environ(), "P="+j.PortalURL, "CLIENT_ID="+transportID, "CLIENT_SECRET="+j.Registered.TransportSecret, "CITIZENS="+j.CitizenURL)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "QF 700, CNAF\n") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
