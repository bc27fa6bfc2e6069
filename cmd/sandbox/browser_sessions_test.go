package main

import (
	"fmt"
	"testing"
)

// The citizen is signed in on two devices, and ends one from the other.
func TestBrowserSessions(t *testing.T) {
	for _, c := range []struct {
		language string
		width    int64
		dark     bool
	}{{"fr", 320, false}, {"ar", 320, true}, {"en", 1280, false}} {
		t.Run(fmt.Sprintf("%s %d", c.language, c.width), func(t *testing.T) {
			b := newChromium(newJourney(t, onTheRealClock), c.language, c.width)
			if c.dark {
				b.darken()
			}
			b.journey.b.Header.Set("User-Agent", "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0")
			b.identify(b.journey.b.Get(b.PortalURL), "sophie") // her phone
			b.open(b.PortalURL)
			for _, selector := range []string{`a[href*="/sign-in"]`, `a[href*="citizen=sophie"]`, `a[href*="/confirm"]`} {
				b.press(selector)
			}
			b.check("60-home-last-sign-in")
			b.press(`main ul a[href="/sessions"], main p a[href="/sessions"]`)
			b.check("61-sessions")
			b.tabTo(`form[action="/sessions/end"] button`)
			b.enter()
			b.check("62-session-ended")
			b.expect("the phone", b.journey.b.Get(b.PortalURL+"/sessions"), 401)
		})
	}
}
