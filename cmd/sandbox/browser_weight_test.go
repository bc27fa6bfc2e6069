package main

import (
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What a page may weigh on a phone at the school gate, in bytes as transferred.
const (
	firstVisit = 90_000 // beside fonts
	laterPage  = 15_000
	fontFiles  = 2
)

// scale weighs what a browser loads.
type scale struct {
	mu     sync.Mutex
	isFont map[network.RequestID]bool
	fonts  int     // fetched, not found in the cache
	bytes  float64 // beside fonts
}

func newScale(b *chromium) *scale {
	b.t.Helper()
	s := &scale{isFont: map[network.RequestID]bool{}}
	if err := chromedp.Listen(b.ctx, s.hear); err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (s *scale) hear(event any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeFont {
			s.isFont[e.RequestID] = true
		}
	case *network.EventLoadingFinished:
		switch {
		case !s.isFont[e.RequestID]:
			s.bytes += e.EncodedDataLength
		case e.EncodedDataLength > 0:
			s.fonts++
		}
	}
}

// read is what was loaded since the last reading.
func (s *scale) read() (fonts int, bytes float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fonts, bytes = s.fonts, s.bytes
	s.fonts, s.bytes = 0, 0
	return fonts, bytes
}

// A page is light, and its text is painted before a font arrives.
func TestBrowserWeight(t *testing.T) {
	t.Parallel()
	b := newChromium(newJourney(t, onTheRealClock), "fr", 320)
	s := newScale(b)
	weigh := func(name string, fonts int, bytes float64) {
		t.Helper()
		ask[bool](b, "document.fonts.ready.then(() => true)")
		gotFonts, got := s.read()
		t.Logf("%s: %.0f bytes, %d fonts", name, got, gotFonts)
		if got == 0 || got > bytes || gotFonts > fonts {
			t.Errorf("%s: %.0f bytes and %d fonts, at most %.0f and %d", name, got, gotFonts, bytes, fonts)
		}
	}
	b.open(b.PortalURL)
	weigh("first visit", fontFiles, firstVisit)
	if ask[bool](b, fontsThatBlock) {
		t.Error("a font may keep text from being painted")
	}
	for _, step := range []string{`a[href*="/sign-in"]`, `a[href*="citizen=camille"]`, `a[href*="/confirm"]`} {
		b.press(step)
	}
	s.read() // FranceConnect's pages
	for _, path := range []string{"/home", "/"} {
		b.open(b.PortalURL + path)
		weigh(path, 0, laterPage)
	}
}

const fontsThatBlock = `[...document.fonts].some((f) => f.display !== 'swap')`
