package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A journey is told once: press, tick, choose and write are done with a pointer, or
// with Tab, Space, Enter and the arrows where the browser has no pointer.

// press follows what leads to another page, and waits for that page.
func (b *chromium) press(selector string) {
	b.t.Helper()
	if b.keyboard {
		b.tabTo(selector)
		b.enter()
		return
	}
	b.leave(chromedp.Click(chromedp.CSS(selector)))
}

// leave does what leads to another page, and waits for that page.
func (b *chromium) leave(act chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, act); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS("main")))
		b.t.Fatalf("no other page: %v on\n%s", err, page)
	}
}

// tick changes a checkbox.
func (b *chromium) tick(selector string) {
	b.t.Helper()
	if b.keyboard {
		b.tabTo(selector)
		b.do(chromedp.KeyEvent(" "))
		return
	}
	b.do(chromedp.Click(chromedp.CSS(selector + " + label")))
}

// choose takes one of several answers. Tab reaches the group, the arrows its answers.
func (b *chromium) choose(selector string) {
	b.t.Helper()
	if !b.keyboard {
		b.do(chromedp.Click(chromedp.CSS(selector + " + label")))
		return
	}
	b.tabTo(`input[type="radio"]`)
	for range 10 {
		if ask[bool](b, fmt.Sprintf("document.activeElement.matches(%q) && document.activeElement.checked", selector)) {
			return
		}
		b.do(chromedp.KeyEvent(kb.ArrowDown))
	}
	b.t.Fatalf("the arrows never reach %s", selector)
}

// write types into a field. Days are typed as the browser of the tests reads them:
// month, day, year.
func (b *chromium) write(selector, text string) {
	b.t.Helper()
	if b.keyboard {
		b.tabTo(selector)
	} else {
		b.do(chromedp.Focus(chromedp.CSS(selector)))
	}
	b.do(chromedp.KeyEvent(text))
}

// tabTo moves the focus forward until it is on the element, where a person can see it.
func (b *chromium) tabTo(selector string) {
	b.t.Helper()
	for range 150 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if !ask[bool](b, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			continue
		}
		if !ask[bool](b, focusIsVisible) {
			b.t.Errorf("the focus on %s cannot be seen", selector)
		}
		if cover := ask[string](b, focusIsUnder); cover != "" {
			b.t.Errorf("the focus on %s is under %s", selector, cover)
		}
		return
	}
	b.t.Fatalf("Tab never reaches %s", selector)
}

// enter presses Enter on what has the focus, and waits for the page it leads to.
func (b *chromium) enter() {
	b.t.Helper()
	b.leave(chromedp.KeyEvent(kb.Enter))
}

// focusIsVisible: an outline of a colour on the element, or on the label that stands
// for it.
const focusIsVisible = `[document.activeElement, ...(document.activeElement.labels ?? [])].some((e) =>
  [getComputedStyle(e), getComputedStyle(e, '::before')].some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 && !/^rgba.*, 0\)$/.test(s.outlineColor)))`

// focusIsUnder is what covers the element that has the focus, in the middle of what
// is on the screen of it (WCAG 2.4.11); empty when nothing does.
const focusIsUnder = `(() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2);
  if (!top) return 'the edge of the screen';
  const own = [e, ...(e.labels ?? [])].some((o) => o.contains(top) || top.contains(o));
  return own ? '' : top.outerHTML.slice(0, 100);
})()`

// Without a pointer, and with JavaScript switched off: each journey goes as far as
// it does with both, from left to right and from right to left.
func TestBrowserByKeyboard(t *testing.T) {
	for _, c := range []struct {
		language string
		width    int64
	}{{"fr", 320}, {"ar", 768}} {
		for _, told := range journeys {
			t.Run(fmt.Sprintf("%s %s %d", told.name, c.language, c.width), func(t *testing.T) {
				t.Parallel()
				b := newChromium(newJourney(t), c.language, c.width)
				b.keyboard = true
				b.unscript()
				told.live(b)
			})
		}
	}
}
