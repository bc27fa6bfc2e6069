package main

import "testing"

// What a citizen keeps and may ask: the receipt of an answer, the copy of all that is
// held, a request to the data protection officer; on a small phone and on a desk.
func TestBrowserReceiptAndMyData(t *testing.T) {
	for _, width := range []int64{320, 1280} {
		b := newChromium(newJourney(t, onTheRealClock), "fr", width)
		b.open(b.TownHallURL)
		b.press(`a[href="/start"]`)
		b.press(`a[href*="/sign-in"]`)
		b.press(`a[href*="citizen=jeanne"]`)
		b.press(`a[href*="/confirm"]`)
		b.press(`button[value="allow"]`)
		b.press(`a[href*="/receipts/"]`)
		b.check("60-receipt")
		b.open(b.PortalURL + "/my-data")
		b.check("61-my-data")
		b.press(`button[value="html"]`)
		b.check("62-my-copy")
		b.open(b.PortalURL + "/my-data/ask")
		b.press(`form[action="/my-data/ask"] button`)
		b.check("63-rights-problem")
		b.tick(`input[value="erasure"]`)
		b.press(`form[action="/my-data/ask"] button`)
		b.check("64-rights")
	}
}
