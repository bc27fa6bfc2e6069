package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A life of some months, as its history tells it: list, picture, figures, file, and
// what is said when there is nothing or when a day does not exist.
func TestBrowserHistory(t *testing.T) {
	for _, c := range []struct {
		language string
		width    int64
		dark     bool
	}{{"fr", 320, false}, {"en", 1280, false}, {"ar", 320, true}} {
		t.Run(fmt.Sprintf("%s %d", c.language, c.width), func(t *testing.T) {
			t.Parallel()
			j := newJourney(t)
			j.clock.Advance(-70 * 24 * time.Hour)
			b := newChromium(j, c.language, c.width)
			if c.dark {
				b.darken()
			}
			b.liveThreeMonths()
			b.open(b.PortalURL + "/history")
			b.do(chromedp.Click(chromedp.CSS("details summary")))
			b.check("70-history")
			bars, figures := ask[int](b, "document.querySelectorAll('.portal-bars rect').length"), ask[int](b, "document.querySelectorAll('.portal-figures tbody tr').length")
			if bars != 3 || figures != 37 {
				t.Errorf("%d bars, %d figures", bars, figures)
			}
			b.open(b.PortalURL + "/history?from=2026-02-30&to=demain")
			b.check("71-history-problem")
			b.open(b.PortalURL + "/history?to=2025-01-01")
			b.check("72-history-none")
		})
	}
}

// liveThreeMonths is a tariff kept up to date by the town hall, then a withdrawal.
func (b *chromium) liveThreeMonths() {
	b.t.Helper()
	b.open(b.TownHallURL)
	for _, selector := range []string{`a[href="/start"]`, `a[href*="/sign-in"]`, `a[href*="citizen=sophie"]`, `a[href*="/confirm"]`, `button[value="allow"]`, `a[href*="/return"]`} {
		b.press(selector)
	}
	for range 2 {
		b.clock.Advance(35 * 24 * time.Hour)
		b.open(b.TownHallURL + "/tariff")
	}
	b.clock.Advance(time.Hour)
	b.open(b.PortalURL + "/home")
	for _, selector := range []string{`a[href*="/sign-in"]`, `a[href*="citizen=sophie"]`, `a[href*="/confirm"]`, `a[href*="/consents/"]`, `a[href*="/withdraw"]`, `button[type="submit"]`} {
		b.press(selector)
	}
}

// Filters, figures and file are reached and used by the keyboard alone.
func TestBrowserHistoryByKeyboard(t *testing.T) {
	t.Parallel()
	b := newChromium(newJourney(t, onTheRealClock), "fr", 1280)
	b.open(b.TownHallURL)
	for _, selector := range []string{`a[href="/start"]`, `a[href*="/sign-in"]`, `a[href*="citizen=sophie"]`, `a[href*="/confirm"]`, `button[value="allow"]`, `a[href*="/return"]`} {
		b.press(selector)
	}
	b.open(b.PortalURL + "/home")
	b.tabTo(`a[href="/history"]`)
	b.enter()
	b.tabTo("#administration")
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.tabTo(`form[action="/history"] button`)
	b.enter()
	b.tabTo("details summary")
	b.do(chromedp.KeyEvent(" "))
	if !ask[bool](b, "document.querySelector('details').open && location.search.includes('administration=mairie')") {
		t.Errorf("ended at %s", ask[string](b, "location.href"))
	}
	b.tabTo(`a[href^="/history.csv"]`)
}
