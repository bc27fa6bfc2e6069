package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"portail.example/internal/sandbox/peers"
)

// facts are what is looked at on every page.
type facts struct {
	Address    string   `json:"address"`
	Language   string   `json:"language"`
	Direction  string   `json:"direction"`
	Headings   int      `json:"headings"`
	Overflow   int64    `json:"overflow"`
	Font       string   `json:"font"`
	FontLoaded bool     `json:"fontLoaded"`
	Button     string   `json:"button"`
	Active     []string `json:"active"`
}

// look reads the facts. Active is whatever would run a script, or style itself.
const look = `(() => {
  const button = document.querySelector('.fr-btn:not(.fr-btn--secondary):not(.fr-btn--tertiary)');
  const active = (e) => e.localName === 'script' || e.hasAttribute('style') || /^\s*javascript:/i.test(e.getAttribute('href') ?? '') || [...e.attributes].some((a) => a.name.startsWith('on'));
  return {
    address: location.href,
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
    headings: document.querySelectorAll('h1').length,
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    font: getComputedStyle(document.body).fontFamily,
    fontLoaded: [...document.fonts].some((f) => f.family.includes('Marianne') && f.status === 'loaded'),
    button: button ? getComputedStyle(button).backgroundColor : '',
    active: [...document.querySelectorAll('*')].filter(active).map((e) => e.outerHTML.slice(0, 100)),
  };
})()`

// faults are what is wrong with the page that is open, beside what axe finds. Pages
// of stand-ins are in French and have a style of their own.
func (b *chromium) faults() []string {
	b.t.Helper()
	f := ask[facts](b, look)
	var out []string
	if f.Headings != 1 || f.Overflow > 0 || len(f.Active) > 0 {
		out = append(out, fmt.Sprintf("%d headings, %d pixels too wide, active %q", f.Headings, f.Overflow, f.Active))
	}
	ours := strings.HasPrefix(f.Address, b.PortalURL)
	if ours && (f.Language != b.language || f.Direction != b.direction() || !strings.Contains(f.Font, "Marianne") || !f.FontLoaded || (f.Button != "" && f.Button != b.blue())) {
		out = append(out, fmt.Sprintf("in %q %s, font %s (loaded %v), button %s", f.Language, f.Direction, f.Font, f.FontLoaded, f.Button))
	}
	return append(out, b.heard()...)
}

// heard is what was collected since the last time.
func (b *chromium) heard() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.problems
	b.problems = nil
	return out
}

// violation is axe's finding.
type violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// runAxe needs axe on the page. Beside its usual rules it asks for targets of 24
// pixels; at the end of the page, where what sticks to the screen covers nothing.
const runAxe = `scrollTo(0, document.body.scrollHeight), axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then((results) =>
  results.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`

// violations are what axe finds on the page that is open.
func (b *chromium) violations() []string {
	b.t.Helper()
	if !ask[bool](b, "'axe' in window") {
		ask[bool](b, peers.File(b.t, "axe-core/axe.min.js")+"; true")
	}
	var out []string
	for _, v := range ask[[]violation](b, runAxe) {
		raw, err := json.Marshal(v.Nodes)
		if err != nil {
			b.t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("axe: %s (%s) %s", v.Help, v.ID, raw))
	}
	return out
}

// settle waits for the fonts that the page uses, with or without JavaScript.
func (b *chromium) settle() {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ask[bool](b, "document.fonts.status === 'loaded'") {
			return
		}
	}
	b.t.Error("the fonts do not come")
}

// check looks at the page that is open. axe is a script: it runs where pages may
// have one, and sees the same pages there.
func (b *chromium) check(name string) {
	b.t.Helper()
	b.settle()
	var found []string
	if !b.scriptless {
		found = b.violations()
	}
	for _, fault := range append(found, b.faults()...) {
		b.t.Errorf("%s: %s", name, fault)
	}
	b.picture(name)
}

// picture keeps the page for human eyes, when asked to.
func (b *chromium) picture(name string) {
	b.t.Helper()
	if *screenshots == "" {
		return
	}
	image, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.MkdirAll(*screenshots, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(*screenshots, fmt.Sprintf("%s-%d-%s.png", b.language, b.width, name)), image, 0o644)
	}
	if err != nil {
		b.t.Error(err)
	}
}

// What the checks look for is found where it is: a page with everything wrong fails
// each of them.
func TestBrowserSeesFaults(t *testing.T) {
	b := newChromium(&journey{t: t, world: &world{}}, "fr", 320)
	address := serveFaults(t)
	b.open(address)
	found := strings.Join(append(b.violations(), b.faults()...), "\n")
	for _, fault := range []string{
		"0 headings, 680 pixels too wide", "onclick", "javascript:", "<script", "in \"\" ", "image-alt", "color-contrast", "target-size",
		"Content Security Policy", "request to elsewhere.example", "404 for ",
	} {
		if !strings.Contains(found, fault) {
			t.Errorf("%q is not seen in\n%s", fault, found)
		}
	}
}
