package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"portail.example/internal/sandbox/peers"
)

var screenshots = flag.String("screenshots", "", "folder for a picture of every page of the story")

// chromium is a real browser with nothing remembered, in one language and at one
// width.
type chromium struct {
	*journey
	ctx      context.Context
	language string
	width    int64
	dark     bool
	axe      string

	mu       sync.Mutex
	problems []string
}

func newChromium(j *journey, language string, width int64) *chromium {
	j.t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // root and containers have none; everything visited is ours
		chromedp.Flag("accept-lang", language))
	ctx, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	j.t.Cleanup(stopAllocator)
	ctx, stop := chromedp.NewContext(ctx)
	j.t.Cleanup(stop)
	b := &chromium{journey: j, ctx: ctx, language: language, width: width, axe: peers.File(j.t, "axe-core/axe.min.js")}
	b.do(chromedp.EmulateViewport(width, 900))
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		j.t.Fatal(err)
	}
	return b
}

// darken sets the browser to dark, as a person does in its settings.
func (b *chromium) darken() {
	b.t.Helper()
	b.dark = true
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		wish := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, wish)
		return err
	}))
}

// blue is the colour of the design system's main button, in its two schemes.
func (b *chromium) blue() string {
	if b.dark {
		return "rgb(133, 133, 246)"
	}
	return "rgb(0, 0, 145)"
}

// direction is how the language is written.
func (b *chromium) direction() string {
	if b.language == "ar" {
		return "rtl"
	}
	return "ltr"
}

// hear collects what a person would not see: errors in the console, policies
// violated, requests to anybody else.
func (b *chromium) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		expected := e.Entry.Source == log.EntrySourceNetwork && strings.Contains(e.Entry.Text, "Failed to load resource") // the status of an error page
		if e.Entry.Level == log.EntryLevelError && !expected {
			b.problems = append(b.problems, "console: "+e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Text)
	case *network.EventRequestWillBeSent:
		if target, err := url.Parse(e.Request.URL); err == nil && target.Hostname() != "localhost" && target.Scheme != "data" {
			b.problems = append(b.problems, "request to "+target.Host)
		}
	}
}

// do runs steps; the page has ten seconds.
func (b *chromium) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *chromium) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// press clicks what leads to another page, and waits for that page.
func (b *chromium) press(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS("main")))
		b.t.Fatalf("pressing %s: %v on\n%s", selector, err, page)
	}
}

// tick changes a checkbox.
func (b *chromium) tick(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector + " + label")))
}

func ask[T any](b *chromium, script string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%v in %s", err, script[max(0, len(script)-200):])
	}
	return value
}

// violation is axe's finding.
type violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// facts are what is looked at on every page.
type facts struct {
	Language   string      `json:"language"`
	Direction  string      `json:"direction"`
	Headings   int         `json:"headings"`
	Overflow   int64       `json:"overflow"`
	Font       string      `json:"font"`
	FontLoaded bool        `json:"fontLoaded"`
	Button     string      `json:"button"`
	Scripts    int         `json:"scripts"`
	Violations []violation `json:"violations"`
}

const look = `(async () => {
  await document.fonts.ready;
  const button = document.querySelector('.fr-btn:not(.fr-btn--secondary):not(.fr-btn--tertiary)');
  const results = await axe.run(document, { resultTypes: ['violations'] });
  return {
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
    headings: document.querySelectorAll('h1').length,
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    font: getComputedStyle(document.body).fontFamily,
    fontLoaded: [...document.fonts].some((f) => f.family.includes('Marianne') && f.status === 'loaded'),
    button: button ? getComputedStyle(button).backgroundColor : '',
    scripts: document.scripts.length,
    violations: results.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })),
  };
})()`

// check looks at the page that is open. Pages of stand-ins are in French and have
// a style of their own.
func (b *chromium) check(name string) {
	b.t.Helper()
	ask[bool](b, b.axe+"; true")
	f := ask[facts](b, look)
	ours := strings.HasPrefix(ask[string](b, "location.href"), b.PortalURL)
	if f.Headings != 1 || f.Overflow > 0 || f.Scripts != 0 {
		b.t.Errorf("%s: %d headings, %d pixels too wide, %d scripts", name, f.Headings, f.Overflow, f.Scripts)
	}
	if ours && (f.Language != b.language || f.Direction != b.direction() || !strings.Contains(f.Font, "Marianne") || !f.FontLoaded || (f.Button != "" && f.Button != b.blue())) {
		b.t.Errorf("%s: in %q %s, font %s (loaded %v), button %s", name, f.Language, f.Direction, f.Font, f.FontLoaded, f.Button)
	}
	for _, v := range f.Violations {
		raw, _ := json.Marshal(v.Nodes)
		b.t.Errorf("%s: axe: %s (%s) %s", name, v.Help, v.ID, raw)
	}
	b.mu.Lock()
	for _, problem := range b.problems {
		b.t.Errorf("%s: %s", name, problem)
	}
	b.problems = nil
	b.mu.Unlock()
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
