package main

import (
	"fmt"
	"testing"
)

// Everything is withdrawn from the page of one consent, on a phone and on a desk.
func TestBrowserWithdrawAll(t *testing.T) {
	for _, width := range []int64{320, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := newChromium(newJourney(t, onTheRealClock), "fr", width)
			b.open(b.TownHallURL)
			b.press(`a[href="/start"]`)
			b.press(`a[href*="/sign-in"]`)
			b.press(`a[href*="citizen=jeanne"]`)
			b.press(`a[href*="/confirm"]`)
			b.press(`button[value="allow"]`)
			b.open(b.PortalURL + "/home")
			b.press(`a[href*="/consents/"]`)
			b.press(`a[href$="/withdraw"]`)
			b.press(`a[href^="/administrations/"]`)
			b.check("50-withdraw-from-one")
			b.open(b.PortalURL + "/withdraw-all")
			b.check("51-withdraw-all")
			b.press(`button[type="submit"]`)
			b.check("52-withdrawn-all")
			b.open(b.PortalURL + "/withdraw-all")
			b.check("53-nothing-to-withdraw")
		})
	}
}
