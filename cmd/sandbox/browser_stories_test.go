package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// view is how somebody looks at a page.
type view struct {
	language string
	width    int64
	dark     bool
	axe      axe
}

// axe says in which stories a view is looked at for accessibility.
type axe int

const (
	none axe = iota
	page     // the first story of each page
	each     // every story
)

// views are in the order of the languages, so that a page is loaded once for each.
var views = []view{
	{"fr", 320, false, each}, {"fr", 768, false, none}, {"fr", 1280, true, none},
	{"en", 320, true, none}, {"en", 768, true, none}, {"en", 1280, false, page},
	{"ar", 320, true, page}, {"ar", 768, false, none}, {"ar", 1280, false, none},
}

// Every page in every state, in a browser, as production serves it: nothing wider
// than the screen, no accessibility violation, no complaint of the policy, nothing
// asked of anybody else.
func TestBrowserStories(t *testing.T) {
	base := serveStories(t)
	tabs := make(chan *chromium, abreast)
	for range abreast {
		tabs <- newChromium(&journey{t: t, world: &world{PortalURL: base}}, "fr", 320)
	}
	told := map[string]bool{}
	for _, s := range stories {
		kind, _, _ := strings.Cut(s.name, " ")
		first := !told[kind]
		told[kind] = true
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := <-tabs
			defer func() { tabs <- b }()
			b.t = t
			b.tell(base+"/stories/"+strings.ReplaceAll(s.name, " ", "%20"), s.name, first)
		})
	}
}

// abreast is how many stories are looked at side by side, each in a tab of its own: a
// page keeps one core busy.
const abreast = 2

// tell opens a story once in each language, and resizes it; first is the first of its
// page, which alone is looked at in English.
func (b *chromium) tell(address, name string, first bool) {
	b.t.Helper()
	opened := ""
	for _, v := range views {
		if v.language == "en" && !first { // its words are between the other two's in length
			continue
		}
		b.do(chromedp.EmulateViewport(v.width, 900))
		if b.dark != v.dark {
			b.scheme(v.dark)
		}
		b.width = v.width
		if v.language != opened {
			opened = v.language
			b.speak(v.language)
			b.open(address)
			b.settle()
		}
		found := b.faults()
		if v.axe == each || v.axe == page && first {
			found = append(found, b.violations()...)
		}
		for _, fault := range found {
			b.t.Errorf("%+v: %s", v, fault)
		}
		b.picture(strings.ReplaceAll(name, " ", "-"))
	}
	b.do(chromedp.EmulateViewport(320, 900))
	if wide := ask[int64](b, lengthen); wide > 0 {
		b.t.Errorf("with every text 200 characters longer: %d pixels too wide", wide)
	}
}

// lengthen makes every text but the name of FranceConnect 200 characters longer, with
// a word that no phone has room for, and says how much wider than the screen the page became.
const lengthen = `(() => {
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const more = ' ' + 'Saint-Barthélemy '.repeat(8) + 'abcdefgh'.repeat(8);
  while (texts.nextNode()) if (texts.currentNode.data.trim() && !texts.currentNode.parentNode.closest('.fr-connect')) texts.currentNode.data += more;
  return document.documentElement.scrollWidth - window.innerWidth;
})()`

// speak changes the language that the browser asks for.
func (b *chromium) speak(language string) {
	b.t.Helper()
	b.language = language
	command(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
}

// serveStories serves the storybook where browsers keep Secure cookies.
func serveStories(t *testing.T) (base string) {
	t.Helper()
	server := httptest.NewServer(newStorybook().routes())
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

// serveFaults serves one page with everything wrong.
func serveFaults(t *testing.T) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "script-src 'none'")
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<!doctype html><title>Faults</title><body style="margin:0"><script>1</script>
			<div style="width:1000px;color:#999;background:#fff" onclick="x()">pale and wide</div><a href="javascript:x()">a</a>
			<button style="width:5px;height:5px;padding:0">a</button><button style="width:5px;height:5px;padding:0">b</button>
			<img src="http://elsewhere.example/x.png"><img src="/missing.png">`)
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
}
