package citizen_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"portail.example/portal/web/webtest"
)

// The site map leads a signed-in citizen to every page that has an address of its own,
// each with a title of its own, in each language, and every page leads there.
func TestEveryPageOfTheSiteMapIsReached(t *testing.T) {
	w := newWorld(t)
	link := regexp.MustCompile(`<li><a class="fr-link" href="(/[a-z/-]+)">`)
	title := regexp.MustCompile(`<title>(.*)</title>`)
	for _, lang := range []string{"fr", "en", "es", "ar"} {
		b := webtest.NewBrowser(t)
		b.Header.Set("Accept-Language", lang)
		b.Get(w.base + "/sign-in")
		seen := map[string]string{}
		for _, found := range link.FindAllStringSubmatch(main(b.Get(w.base+"/site-map").Body), -1) {
			path := found[1]
			answer := b.Get(w.base + path)
			named := title.FindStringSubmatch(answer.Body)
			if answer.Status != http.StatusOK || named == nil || seen[named[1]] != "" {
				t.Errorf("%s %s: %d, title %v (already %s)", lang, path, answer.Status, named, seen[named[1]])
			}
			seen[named[1]] = path
			if !strings.Contains(answer.Body, `lang="`+lang+`"`) || !strings.Contains(answer.Body, `href="/accessibility"`) {
				t.Errorf("%s %s: not in its language, or without its footer", lang, path)
			}
		}
		if len(seen) != 17 {
			t.Errorf("%s: %d pages: %v", lang, len(seen), seen)
		}
	}
}

func TestArabicIsWrittenFromRightToLeft(t *testing.T) {
	w := newWorld(t)
	for lang, direction := range map[string]string{"ar": "rtl", "fr": "ltr", "es": "ltr"} {
		b := webtest.NewBrowser(t)
		b.Header.Set("Accept-Language", lang)
		if page := b.Get(w.base + "/").Body; !strings.Contains(page, `<html lang="`+lang+`" dir="`+direction+`">`) {
			t.Errorf("%s is not written %s", lang, direction)
		}
	}
}

func TestTheSecurityContactExpiresWithinAYear(t *testing.T) {
	w := newWorld(t)
	answer := webtest.NewBrowser(t).Get(w.base + "/.well-known/security.txt")
	found := regexp.MustCompile(`(?m)^Expires: (.*)$`).FindStringSubmatch(answer.Body)
	if found == nil || !strings.HasPrefix(answer.Body, "Contact: mailto:contact@portail.example\n") {
		t.Fatalf("got %q", answer.Body)
	}
	expires, err := time.Parse(time.RFC3339, found[1])
	if left := expires.Sub(w.Clock.Now()); err != nil || left <= 0 || left >= 365*24*time.Hour {
		t.Errorf("expires in %v (%v)", left, err)
	}
}
