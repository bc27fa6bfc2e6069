package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// fold is where things stand on the first screen of a request.
type fold struct {
	Height, Meaning, Answers, Bottom float64
	Widths                           []float64
}

const measureFold = `(() => {
	document.querySelector('#demo').closest('aside').remove(); // no notice of a demonstration in service
	const box = s => document.querySelector(s).getBoundingClientRect();
	const answers = [...document.querySelectorAll('.portal-ask button')].map(b => b.getBoundingClientRect());
	return {
		Height: window.innerHeight, Meaning: box('#how-long').bottom,
		Answers: Math.min(...answers.map(a => a.top)), Bottom: Math.max(...answers.map(a => a.bottom)), Widths: answers.map(a => a.width),
	};
})()`

// On a small phone the first screen says who wants what, why and until when, with
// both answers below, and nothing has to be scrolled for.
func TestBrowserRequestFitsTheFirstScreen(t *testing.T) {
	for _, language := range []string{"fr", "en"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			b := newChromium(newJourney(t, onTheRealClock), language, 320)
			b.do(chromedp.EmulateViewport(320, 640))
			b.open(b.TownHallURL)
			b.press(`a[href="/start"]`)
			b.press(`a[href*="/sign-in"]`)
			b.press(`a[href*="citizen=jeanne"]`)
			b.press(`a[href*="/confirm"]`)
			b.check("60-first-screen")
			f := ask[fold](b, measureFold)
			if f.Height != 640 || f.Meaning > f.Answers || f.Bottom > f.Height {
				t.Errorf("on %v pixels the meaning ends at %v, the answers stand from %v to %v", f.Height, f.Meaning, f.Answers, f.Bottom)
			}
			if len(f.Widths) != 2 || f.Widths[0]-f.Widths[1] > 30 || f.Widths[1]-f.Widths[0] > 30 {
				t.Errorf("the answers weigh %v", f.Widths)
			}
			b.press(`button[formaction$="/preview"]`)
			b.check("61-preview")
			if seen := ask[string](b, `document.querySelector('#preview-box').textContent`); len(seen) < 100 {
				t.Errorf("the preview says %q", seen)
			}
		})
	}
}
