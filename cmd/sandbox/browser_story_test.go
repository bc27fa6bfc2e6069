package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The story in a real browser, in both languages, on a small phone and on a desk:
// every page is in the design system and has no accessibility violation.
func TestBrowserStory(t *testing.T) {
	for _, c := range []struct {
		language string
		width    int64
		dark     bool
	}{
		{"fr", 320, false}, {"fr", 768, true}, {"en", 1280, false}, {"es", 320, false}, {"ar", 320, true}, {"ar", 1280, false},
	} {
		t.Run(fmt.Sprintf("%s %d dark %v", c.language, c.width, c.dark), func(t *testing.T) {
			b := newChromium(newJourney(t, onTheRealClock), c.language, c.width)
			if c.dark {
				b.darken()
			}
			b.shareAndWithdraw()
			b.refuse()
			b.goWrong()
			b.readAbout()
		})
	}
}

func (b *chromium) readAbout() {
	b.t.Helper()
	for _, page := range []string{"about", "site-map", "accessibility", "legal-notices", "personal-data", "cookies", "contact"} {
		b.open(b.PortalURL + "/" + page)
		b.check("39-" + page)
	}
}

func (b *chromium) shareAndWithdraw() {
	b.t.Helper()
	b.open(b.TownHallURL)
	b.check("01-town-hall")
	b.press(`a[href="/start"]`)
	b.check("02-arrival")
	b.press(`a[href*="/sign-in"]`)
	b.check("03-franceconnect")
	b.press(`a[href*="citizen=jeanne"]`)
	b.check("04-franceconnect-information")
	b.press(`a[href*="/confirm"]`)
	b.check("05-request")
	b.tick(`input[value="quotient_familial"]`) // now nothing is ticked
	b.press(`button[value="allow"]`)
	b.check("06-request-problem")
	b.tick(`input[value="quotient_familial"]`)
	b.tick(`input[value="enfants"]`)
	b.press(`button[value="allow"]`)
	b.check("07-done")
	b.press(`a[href*="/return"]`)
	b.check("08-tariff")
	b.open(b.PortalURL + "/home")
	b.check("09-home")
	b.press(`a[href*="/consents/"]`)
	b.check("10-consent")
	b.press(`form[action$="/pause"] button`)
	b.check("10-paused")
	b.press(`form[action$="/resume"] button`)
	b.press(`a[href$="/reduce"]`)
	b.check("10-reduce")
	b.press(`button[type="submit"]`) // nothing is less yet
	b.check("10-reduce-problem")
	b.tick(`input[value="enfants"]`)
	b.press(`button[type="submit"]`)
	b.check("10-reduced")
	b.press(`a[href*="/withdraw"]`)
	b.check("11-withdraw")
	b.press(`button[type="submit"]`)
	b.check("12-withdrawn")
	b.open(b.TownHallURL + "/tariff")
	b.check("13-no-longer")
	b.open(b.PortalURL + "/home")
	b.check("14-home-after")
	b.press(`a[href="/sign-out"]`)
	b.check("15-signed-out")
}

func (b *chromium) refuse() {
	b.t.Helper()
	b.open(b.TownHallURL)
	b.press(`a[href="/start"]`)
	b.press(`form[action*="/decline"] button`)
	b.check("20-refused")
	b.press(`a[href*="/return"]`)
	b.check("21-town-hall-refused")
}

func (b *chromium) goWrong() {
	b.t.Helper()
	b.open(b.PortalURL)
	b.check("30-start")
	b.press(`a[href*="/sign-in"]`)
	b.press(`a[href*="/abort"]`)
	b.check("31-cancelled")
	b.press(`a[href*="/sign-in"]`)
	b.press(`a[href*="citizen=lou"]`)
	b.check("32-franceconnect-error")
	b.press(`a[href*="/return"]`)
	b.check("33-franceconnect-failed")
	for name, path := range map[string]string{
		"34-missing": "/nowhere", "35-unknown-client": "/oauth/authorize?client_id=nobody&request_uri=x",
		"36-unknown-request": "/requests/AAAAAAAAAAAAAAAAAAAAAA", "37-stale-callback": "/franceconnect/callback?state=x&code=y",
	} {
		b.open(b.PortalURL + path)
		b.check(name)
	}
}

// Empty lists say what will appear, and the language switch works on each page.
func TestBrowserLanguageSwitch(t *testing.T) {
	b := newChromium(newJourney(t, onTheRealClock), "fr", 320)
	b.open(b.PortalURL + "/home")
	b.press(`a[href*="/sign-in"]`)
	b.press(`a[href*="citizen=camille"]`)
	b.press(`a[href*="/confirm"]`)
	b.check("40-empty-home")
	b.press(`a[href*="to=en"]`)
	b.language = "en"
	b.check("41-empty-home")
}

// A request filed at the counter, from the home page to the answer.
func TestBrowserFiledRequest(t *testing.T) {
	for _, width := range []int64{320, 1280} {
		b := newChromium(newJourney(t, onTheRealClock), "fr", width)
		filed := b.file(`"family_name":"SIMPSON","given_name":"Marge","gender":"female","birthdate":"1980-11-15","birthcountry":"99404"`)
		b.open(filed["consent_uri"].(string))
		b.check("50-sign-in-first")
		b.press(`a[href*="/sign-in"]`)
		b.press(`a[href*="citizen=marge"]`)
		b.press(`a[href*="/confirm"]`)
		b.check("51-filed-request")
		b.open(b.PortalURL + "/home")
		b.check("52-home-waiting")
		b.press(`a[href*="/requests/"]`)
		b.press(`button[value="allow"]`)
		b.check("53-filed-done")
	}
}

// The whole of it without a pointer: Tab, Space and Enter, with the focus always
// somewhere a person can see.
func TestBrowserByKeyboard(t *testing.T) {
	b := newChromium(newJourney(t, onTheRealClock), "fr", 1280)
	b.open(b.TownHallURL)
	for _, selector := range []string{`a[href="/start"]`, `a[href*="/sign-in"]`, `a[href*="citizen=sophie"]`, `a[href*="/confirm"]`} {
		b.tabTo(selector)
		b.enter()
	}
	b.tabTo(`input[value="enfants"]`)
	b.do(chromedp.KeyEvent(" "))
	b.tabTo(`button[value="allow"]`)
	b.enter()
	b.tabTo(`a[href*="/return"]`)
	b.enter()
	if text := ask[string](b, "document.querySelector('main').innerText"); !contains(text, "Tranche C", "LEA") {
		t.Errorf("ended on %s", text)
	}
}

// tabTo moves the focus forward until it is on the element.
func (b *chromium) tabTo(selector string) {
	b.t.Helper()
	for range 60 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if ask[bool](b, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			if !ask[bool](b, focusIsVisible) {
				b.t.Errorf("the focus on %s cannot be seen", selector)
			}
			return
		}
	}
	b.t.Fatalf("Tab never reaches %s", selector)
}

// focusIsVisible: an outline on the element, or on the label that stands for it.
const focusIsVisible = `[document.activeElement, ...(document.activeElement.labels ?? [])].some((e) =>
  [getComputedStyle(e), getComputedStyle(e, '::before')].some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0))`

func (b *chromium) enter() {
	b.t.Helper()
	if _, err := chromedp.RunResponse(b.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		b.t.Fatal(err)
	}
}
