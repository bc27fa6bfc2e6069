package main

import (
	"context"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// running are the browsers of the test process: one for each language, since that is
// what a browser is started with. Each test has a profile of its own in it; a start
// would cost more than most tests.
var running = browsers{byLanguage: map[string]context.Context{}}

type browsers struct {
	mu         sync.Mutex
	byLanguage map[string]context.Context
	stops      []context.CancelFunc
}

// browser is the one for a language, started when it is first asked for, or again when
// it crashed.
func (r *browsers) browser(t *testing.T, language string) context.Context {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.byLanguage[language]; known != nil && known.Err() == nil {
		return known
	}
	options := slices.Concat(chromedp.DefaultExecAllocatorOptions[:], lean(language), windowless())
	ctx, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(ctx)
	r.stops = append(r.stops, stop, stopAllocator)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as ctx
		t.Fatal(err)
	}
	r.byLanguage[language] = ctx
	return ctx
}

// lean leaves out what nobody sees of a browser without a window: pages of its own
// below the address bar, processes kept ready, a graphics card.
func lean(language string) []chromedp.ExecAllocatorOption {
	return []chromedp.ExecAllocatorOption{
		chromedp.NoSandbox, // root and containers have none; everything visited is ours
		chromedp.Flag("accept-lang", language),
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess"),
		chromedp.Flag("process-per-site", true),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-component-update", true),
	}
}

// windowless is the Chromium that distributions build without windows, where it is
// installed: it shows the same pages for less. Any Chromium or Chrome does otherwise.
func windowless() []chromedp.ExecAllocatorOption {
	if path, err := exec.LookPath("chromium-headless-shell"); err == nil {
		return []chromedp.ExecAllocatorOption{chromedp.ExecPath(path)}
	}
	return nil
}

func (r *browsers) stop() {
	for _, stop := range r.stops {
		stop()
	}
}
