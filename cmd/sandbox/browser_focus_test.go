package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Tab goes through each page, in the light and in the dark: it reaches all that
// can be used, and where it stands is seen.
func TestBrowserFocusIsAlwaysSeen(t *testing.T) {
	t.Parallel()
	for _, dark := range []bool{false, true} {
		b := newChromium(newJourney(t, onTheRealClock), "fr", 320)
		if dark {
			b.darken()
		}
		b.open(b.TownHallURL)
		b.press(`a[href="/start"]`)
		b.tabThrough("arrival")
		b.press(`a[href*="/sign-in"]`)
		b.press(`a[href*="citizen=jeanne"]`)
		b.press(`a[href*="/confirm"]`)
		b.tabThrough("request")
		b.tick(`input[value="quotient_familial"]`)
		b.press(`button[value="allow"]`)
		b.check("90-request-problem")
		b.tabThrough("request with a problem")
		b.tick(`input[value="quotient_familial"]`)
		b.press(`button[value="allow"]`)
		for _, path := range []string{"/home", "/my-data", "/my-data/ask", "/notices", "/nowhere"} {
			b.open(b.PortalURL + path)
			b.tabThrough(path)
		}
		b.open(b.PortalURL + "/home")
		b.press(`a[href*="/consents/"]`)
		b.tabThrough("consent")
		b.press(`a[href*="/withdraw"]`)
		b.tabThrough("withdraw")
	}
}

// tabThrough presses Tab from the top of the page to its end.
func (b *chromium) tabThrough(name string) {
	b.t.Helper()
	for range 150 {
		b.do(chromedp.KeyEvent(kb.Tab))
		where := ask[string](b, reach)
		if where == "" {
			break
		}
		if !ask[bool](b, focusIsVisible) {
			b.t.Errorf("%s, dark %v: the focus cannot be seen on %s", name, b.dark, where)
		}
		if cover := ask[string](b, focusIsUnder); cover != "" {
			b.t.Errorf("%s, dark %v: the focus on %s is under %s", name, b.dark, where, cover)
		}
	}
	for _, missed := range ask[[]string](b, neverFocused) {
		b.t.Errorf("%s: Tab never reaches %s", name, missed)
	}
}

// reach remembers what has the focus, and is empty at the end of the page.
const reach = `(() => {
  const e = document.activeElement;
  if (e === document.body) return '';
  e.dataset.reached = 'yes';
  return e.outerHTML.slice(0, 200);
})()`

// neverFocused lists what can be used and was not reached. One radio button of a
// group stands for it; what is folded away is not there.
const neverFocused = `[...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden], [type=radio])')]
  .filter((e) => !e.dataset.reached && e.checkVisibility()).map((e) => e.outerHTML.slice(0, 200))`
