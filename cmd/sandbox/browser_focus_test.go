package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Tab goes through each page, in the light and in the dark: it reaches all that
// can be used, and where it stands is seen.
func TestBrowserFocusIsAlwaysSeen(t *testing.T) {
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
	for range 100 {
		b.do(chromedp.KeyEvent(kb.Tab))
		where := ask[string](b, whereFocusIs)
		if where == "end" {
			break
		}
		if where != "" {
			b.t.Errorf("%s, dark %v: the focus cannot be seen on %s", name, b.dark, where)
		}
	}
	for _, missed := range ask[[]string](b, neverFocused) {
		b.t.Errorf("%s: Tab never reaches %s", name, missed)
	}
}

// whereFocusIs is empty while the focus is seen: it has an outline, and the middle
// of what has it is on the screen with nothing above it.
const whereFocusIs = `(() => {
  const e = document.activeElement;
  if (e === document.body) return 'end';
  e.dataset.reached = 'yes';
  const shown = [e, ...(e.labels ?? [])];
  const outlined = shown.some((s) => [getComputedStyle(s), getComputedStyle(s, '::before')].some((c) =>
    c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) >= 2 && !c.outlineColor.endsWith(', 0)')));
  const clear = shown.some((s) => [...s.getClientRects()].some((r) => {
    const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
    return top && shown.some((s) => s.contains(top));
  }));
  return outlined && clear ? '' : (outlined ? 'hidden: ' : 'no outline: ') + e.outerHTML.slice(0, 200);
})()`

// neverFocused lists what can be used and was not reached. One radio button of a
// group stands for it; what is folded away is not there.
const neverFocused = `[...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden], [type=radio])')]
  .filter((e) => !e.dataset.reached && e.checkVisibility()).map((e) => e.outerHTML.slice(0, 200))`
