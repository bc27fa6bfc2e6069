package main

import (
	"strings"
	"testing"
)

// Error pages that no journey meets, on a small phone: they are whole, with the
// database gone too.
func TestBrowserErrors(t *testing.T) {
	for _, language := range []string{"fr", "ar"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			b := newChromium(newJourney(t, onTheRealClock, func(cfg *worldConfig) { cfg.DatabaseURL = "" }), language, 320)
			if language == "ar" {
				b.darken()
			}
			for name, path := range map[string]string{
				"wrong-method": "/my-data/export", "signed-out": "/my-data", "too-large": "/sign-in?request=" + strings.Repeat("x", 9000),
			} {
				b.open(b.PortalURL + path)
				b.check("80-" + name)
			}
			if err := b.cluster.Stop(); err != nil {
				t.Fatal(err)
			}
			for name, path := range map[string]string{"outage": "/sign-in", "missing": "/nowhere"} {
				b.open(b.PortalURL + path)
				b.check("81-" + name)
			}
			if bars := ask[int](b, barsAtTheStart); bars != 0 {
				t.Errorf("%d lines of the footer begin with a bar", bars)
			}
		})
	}
}

// barsAtTheStart counts the lines of the footer's links that begin with a bar: its
// list does not cut off where they begin.
const barsAtTheStart = `(() => {
  const list = document.querySelector('.fr-footer__bottom-list');
  const box = list.getBoundingClientRect();
  const rtl = document.documentElement.dir === 'rtl';
  const cut = getComputedStyle(list).clipPath.match(/inset\(\S+ (\S+) \S+ (\S+)\)/).slice(1).map(parseFloat)[rtl ? 0 : 1];
  const lines = new Map();
  for (const item of document.querySelectorAll('.fr-footer__bottom-item')) {
    const at = item.getBoundingClientRect();
    const begins = rtl ? box.right - at.right : at.left - box.left;
    lines.set(at.top, Math.min(begins, lines.get(at.top) ?? begins));
  }
  return [...lines.values()].filter((begins) => begins + 1 > cut).length;
})()`
