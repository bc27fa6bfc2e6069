package main

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// The agent's screen shows a code, and moves on by itself without a script once the
// citizen has answered on their phone.
func TestBrowserCounter(t *testing.T) {
	t.Parallel()
	for _, width := range []int64{320, 1280} {
		b := newChromium(newJourney(t, onTheRealClock), "fr", width)
		b.open(b.TownHallURL + "/counter")
		b.check("70-counter")
		b.press(`button[type="submit"]`)
		b.check("71-counter-waiting")
		address := ask[string](b, "document.querySelector('.address').innerText")
		phone := b.journey.b
		b.submit(b.identify(phone.Get(address), "angela"), "/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}})
		b.do(chromedp.WaitVisible(".price"))
		b.check("72-counter-answered")
	}
}
