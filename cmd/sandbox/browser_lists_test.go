package main

import "testing"

// The lists behind the home page, with something in them and without.
func TestBrowserLists(t *testing.T) {
	for _, width := range []int64{320, 1280} {
		b := newChromium(newJourney(t, onTheRealClock), "fr", width)
		filed := b.file(`"family_name":"SIMPSON","given_name":"Marge","gender":"female","birthdate":"1980-11-15","birthcountry":"99404"`)
		b.open(filed["consent_uri"].(string))
		b.press(`a[href*="/sign-in"]`)
		b.press(`a[href*="citizen=marge"]`)
		b.press(`a[href*="/confirm"]`)
		b.open(b.PortalURL + "/requests")
		b.check("60-waiting")
		b.press(`a[href*="/requests/"]`)
		b.press(`button[value="allow"]`)
		b.open(b.PortalURL + "/requests")
		b.check("61-none-waiting")
		b.open(b.PortalURL + "/consents")
		b.check("62-consents")
		b.open(b.PortalURL + "/consents?state=ended")
		b.check("63-none-ended")
		b.open(b.PortalURL + "/home")
		b.check("64-home")
	}
}
