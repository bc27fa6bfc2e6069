package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "folder for a picture of every page of the story")

// chromium is a tab of a real browser, in a profile with nothing remembered, in one
// language and at one width.
type chromium struct {
	*journey
	ctx        context.Context
	language   string
	width      int64
	dark       bool
	keyboard   bool // and no pointer
	scriptless bool // JavaScript is switched off

	mu       sync.Mutex
	problems []string
}

func newChromium(j *journey, language string, width int64) *chromium {
	j.t.Helper()
	ctx, stop := chromedp.NewContext(running.browser(j.t, language), chromedp.WithNewBrowserContext())
	j.t.Cleanup(stop)
	b := &chromium{journey: j, ctx: ctx, language: language, width: width}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil { // opens the tab, which lives as long as ctx
		j.t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		j.t.Fatal(err)
	}
	return b
}

// darken sets the browser to dark, as a person does in its settings.
func (b *chromium) darken() {
	b.t.Helper()
	b.scheme(true)
}

func (b *chromium) scheme(dark bool) {
	b.t.Helper()
	b.dark = dark
	name := map[bool]string{true: "dark", false: "light"}[dark]
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
	})
}

// unscript switches JavaScript off. The tests' own questions are still answered.
func (b *chromium) unscript() {
	b.t.Helper()
	b.scriptless = true
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// command gives the browser an order that has no answer.
func command[P any](b *chromium, order cdp.Command[P, cdp.Empty], wish P) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, order, wish)
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
// violated, parts of a page that are missing, requests to anybody else.
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
	case *network.EventResponseReceived:
		if e.Type != network.ResourceTypeDocument && e.Response.Status >= http.StatusBadRequest {
			b.problems = append(b.problems, fmt.Sprintf("%d for %s", e.Response.Status, e.Response.URL))
		}
	case *network.EventRequestWillBeSent:
		if target, err := url.Parse(e.Request.URL); err == nil && target.Hostname() != "localhost" && target.Scheme != "data" && target.Scheme != "file" {
			b.problems = append(b.problems, "request to "+target.Host)
		}
	}
}

// do runs steps; the page has half a minute.
func (b *chromium) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.pathname + '\\n' + document.body.innerText"))
		b.t.Fatalf("%v on %s", err, page)
	}
}

func (b *chromium) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

func ask[T any](b *chromium, script string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%v in %s", err, script[max(0, len(script)-200):])
	}
	return value
}
