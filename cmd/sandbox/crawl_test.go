package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"portail.example/portal/web/webtest"
)

// crawler is a signed-in citizen who follows every link of the portal.
type crawler struct {
	*journey
	language string
	seen     map[string]bool   // addresses
	titles   map[string]string // title → kind of page
	kinds    map[string]bool   // paths, with :id for identifiers
}

var identifiers = regexp.MustCompile(`/[\w-]{22}\b`)

// crawl begins at home, with a request that waits, a consent that was used and one
// that was withdrawn.
func crawl(t *testing.T, language string) *crawler {
	t.Helper()
	c := &crawler{journey: newJourney(t), language: language, seen: map[string]bool{}, titles: map[string]string{}, kinds: map[string]bool{}}
	c.b.Header.Set("Accept-Language", language)
	c.identify(c.b.Get(c.PortalURL), "marge")
	for _, answer := range []string{"allow", "allow", "refuse"} {
		request := c.b.Get(c.file(marge)["consent_uri"].(string))
		c.submit(request, "/decision", url.Values{"decision": {answer}, "datatypes": {"quotient_familial"}})
	}
	consent := c.click(c.b.Get(c.PortalURL+"/home"), "/consents/")
	c.submit(c.click(consent, "/withdraw"), "/withdraw", nil)
	c.file(marge)
	c.submit(c.click(c.b.Get(c.TownHallURL), "/start"), "/decision", everything())
	c.follow(c.PortalURL+"/home", "home")
	return c
}

// follow reads an address, looks at the page, and follows what it leads to.
func (c *crawler) follow(address, from string) {
	c.t.Helper()
	address, fragment, _ := strings.Cut(address, "#")
	if c.seen[address] {
		return
	}
	c.seen[address] = true
	page := c.patient(address)
	if page.Status != http.StatusOK {
		c.t.Errorf("%s, linked from %s: status %d", address, from, page.Status)
	}
	if fragment != "" && !strings.Contains(page.Body, `id="`+fragment+`"`) {
		c.t.Errorf("%s has no place %s, linked from %s", address, fragment, from)
	}
	kind := identifiers.ReplaceAllString(page.URL.Path, "/:id")
	c.kinds[kind] = true
	if !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") || page.Header.Get("Content-Disposition") != "" { // a file to keep
		return
	}
	c.look(kind, page)
	for _, link := range append(hrefs.FindAllStringSubmatch(page.Body, -1), srcs.FindAllStringSubmatch(page.Body, -1)...) {
		if target, ours := c.inside(page, link[1]); ours {
			c.follow(target, kind)
		}
	}
	for _, form := range actions.FindAllStringSubmatch(page.Body, -1) {
		if target, _ := c.inside(page, form[1]); c.b.Get(target, webtest.Stop).Status == http.StatusNotFound {
			c.t.Errorf("a form of %s leads to %s, which is not there", kind, target)
		}
	}
}

// patient comes back to what is not ready yet: the journal has a clock of its own.
func (c *crawler) patient(address string) webtest.Answer {
	c.t.Helper()
	page := c.b.Get(address)
	for deadline := time.Now().Add(20 * time.Second); page.Status == http.StatusServiceUnavailable && time.Now().Before(deadline); page = c.b.Get(address) {
		time.Sleep(50 * time.Millisecond)
	}
	return page
}

var srcs = regexp.MustCompile(`src="([^"]+)"`)

// inside resolves a link, and tells whether to follow it: one that signs out or
// changes the language would end the walk, and others' sites are not ours to test.
func (c *crawler) inside(page webtest.Answer, link string) (target string, follow bool) {
	resolved, err := page.URL.Parse(html.UnescapeString(link))
	if err != nil {
		c.t.Fatal(err)
	}
	target = resolved.String()
	leaves := resolved.Path == "/sign-out" || resolved.Path == "/language" || resolved.Path == "/sign-in"
	return target, strings.HasPrefix(target, c.PortalURL+"/") && !leaves
}

// look checks what every page has: one main heading, its language and direction, and
// a title that no page of another kind has.
func (c *crawler) look(kind string, page webtest.Answer) {
	c.t.Helper()
	direction := "ltr"
	if c.language == "ar" {
		direction = "rtl"
	}
	if !strings.Contains(page.Body, `<html lang="`+c.language+`" dir="`+direction+`">`) || !inOrder(headings.FindAllStringSubmatch(page.Body, -1)) {
		c.t.Errorf("%s: another language or direction, or headings %v", kind, headings.FindAllString(page.Body, -1))
	}
	title := titles.FindStringSubmatch(page.Body)
	if title == nil {
		c.t.Errorf("%s has no title", kind)
		return
	}
	if other := c.titles[title[1]]; other != "" && other != kind {
		c.t.Errorf("%s and %s are both called %q", kind, other, title[1])
	}
	c.titles[title[1]] = kind
}

// No link of any page is dead, and links lead from home to every page.
func TestEveryPageIsReachedAndNoLinkIsDead(t *testing.T) {
	for _, language := range []string{"fr", "ar"} {
		c := crawl(t, language)
		for _, kind := range strings.Fields(`/home /requests /requests/:id /consents /consents/:id /consents/:id/reduce /consents/:id/withdraw
			/withdraw-all /administrations/transports-source/21990013100018/withdraw /receipts/:id /receipts/:id/pdf /receipts/:id/jwt /receipts/:id/proof
			/history /history.csv /history /my-data /my-data/ask /notices /sessions /about /site-map /accessibility /legal-notices /personal-data /cookies /contact`) {
			if !c.kinds[kind] {
				t.Errorf("%s: no link leads to %s", language, kind)
			}
		}
	}
}
