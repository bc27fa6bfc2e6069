package main

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
	fcstub "portail.example/internal/sandbox/franceconnect"
	"portail.example/portal/web/webtest"
)

// journey is one family's browser in a demo world of its own.
type journey struct {
	*world
	t     *testing.T
	clock *consenttest.Clock
	b     *webtest.Browser
	// client is a program's.
	client *http.Client
	log    *logBuffer
}

// logBuffer is everything the world writes, for the scan at the end.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// newJourney starts a world on a database of its own and scans all of its logs
// when the test ends.
func newJourney(t *testing.T, change ...func(*worldConfig)) *journey {
	t.Helper()
	j := &journey{t: t, clock: consenttest.NewClock(), log: &logBuffer{}, b: webtest.NewBrowser(t), client: http.DefaultClient}
	cfg := worldConfig{
		Logger: slog.New(slog.NewJSONHandler(j.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:    j.clock.Now, Progress: io.Discard, DatabaseLog: j.log, UpstreamLimit: 1000,
	}
	cfg.DatabaseURL = pgtest.URL(t)
	for _, c := range change {
		c(&cfg)
	}
	var err error
	if j.world, err = startWorld(context.WithoutCancel(t.Context()), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		j.Close()
		scan(t, j.log.String())
	})
	if err := j.waitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	return j
}

// scan looks for anything that tells who the test citizens are, and for secrets.
func scan(t *testing.T, log string) {
	t.Helper()
	if !strings.Contains(log, `"route"`) {
		t.Error("the log is empty: the scan proves nothing")
	}
	for _, secret := range []string{"eyJ", "Bearer ", "refresh_token=", fcClientSecret, pcClientSecret, apiToken, "code=", "state="} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	var words []string
	for _, c := range fcstub.Citizens() {
		words = append(words, c.FamilyName, c.Birthdate)
		words = append(words, c.GivenNames...)
	}
	for _, a := range demoAgents() {
		words = append(words, a.UsualName, a.Email)
	}
	for _, line := range strings.Split(log, "\n") {
		for _, word := range words {
			if regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(word) + `\b`).MatchString(line) {
				t.Errorf("%q is in the log: %s", word, line)
			}
		}
	}
}

var (
	hrefs   = regexp.MustCompile(`href="([^"]+)"`)
	hidden  = regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`)
	actions = regexp.MustCompile(`action="([^"]+)"`)
)

// find is the first link or form target of a page that contains part.
func (j *journey) find(kind *regexp.Regexp, page webtest.Answer, part string) string {
	j.t.Helper()
	for _, match := range kind.FindAllStringSubmatch(page.Body, -1) {
		if target := html.UnescapeString(match[1]); strings.Contains(target, part) {
			resolved, err := page.URL.Parse(target)
			if err != nil {
				j.t.Fatal(err)
			}
			return resolved.String()
		}
	}
	j.t.Fatalf("nothing leads to %q from %s\n%s", part, page.URL.Path, readable(page.Body))
	return ""
}

func (j *journey) click(page webtest.Answer, part string) webtest.Answer {
	j.t.Helper()
	return j.b.Get(j.find(hrefs, page, part))
}

func (j *journey) submit(page webtest.Answer, part string, form url.Values) webtest.Answer {
	j.t.Helper()
	sent := url.Values{}
	maps.Copy(sent, form)
	for _, match := range hidden.FindAllStringSubmatch(page.Body, -1) {
		sent.Set(match[1], match[2])
	}
	return j.b.Post(j.find(actions, page, part), sent)
}

// arrive goes from the town hall's button to the portal's page.
func (j *journey) arrive() webtest.Answer {
	j.t.Helper()
	return j.click(j.b.Get(j.TownHallURL), "/start")
}

// identify chooses a citizen at FranceConnect and comes back to the portal.
func (j *journey) identify(page webtest.Answer, citizen string) webtest.Answer {
	j.t.Helper()
	list := j.click(page, "/sign-in")
	return j.click(j.click(list, "citizen="+citizen), "/confirm")
}

// everything is the answer "yes to all of it".
func everything() url.Values {
	return url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial", "enfants"}, "watch": {"yes"}}
}

// shared lives the story up to the town hall's tariff page.
func (j *journey) shared(citizen string) webtest.Answer {
	j.t.Helper()
	done := j.submit(j.identify(j.arrive(), citizen), "/decision", everything())
	return j.click(done, "/return")
}

var mainPart = regexp.MustCompile(`(?s)<main.*?>(.*)</main>`)
var tags = regexp.MustCompile(`<[^>]+>`)

// readable is a page as its reader sees it.
func readable(body string) string {
	if match := mainPart.FindStringSubmatch(body); match != nil {
		body = match[1]
	}
	text := strings.ReplaceAll(html.UnescapeString(tags.ReplaceAllString(body, " ")), "\u00a0", " ")
	return strings.Join(strings.Fields(text), " ")
}

func (j *journey) expect(what string, page webtest.Answer, status int, texts ...string) {
	j.t.Helper()
	shown := readable(page.Body)
	if page.Status != status {
		j.t.Errorf("%s: status %d, want %d at %s: %s", what, page.Status, status, page.URL.Path, shown)
	}
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			j.t.Errorf("%s: %q is not on %s: %s", what, text, page.URL.Path, shown)
		}
	}
}

func contains(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}
