package citizen_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// signedIn is a browser of the world's citizen, who gave n single consents.
func (w *world) signedIn(n int) *webtest.Browser {
	b := webtest.NewBrowser(w.t)
	b.Get(w.base + "/sign-in")
	for range n {
		w.Clock.Advance(time.Second)
		w.Granted(w.t, w.PushOnce())
	}
	return b
}

var (
	itemLinks = regexp.MustCompile(`href="(/consents/[\w-]+)"`)
	nextLink  = regexp.MustCompile(`href="(/consents\?[^"]+)">Page suivante`)
	backLink  = regexp.MustCompile(`href="(/consents\?[^"]+)">Page précédente`)
)

func follow(w *world, b *webtest.Browser, page webtest.Answer, link *regexp.Regexp) webtest.Answer {
	w.t.Helper()
	match := link.FindStringSubmatch(page.Body)
	if match == nil {
		w.t.Fatalf("no %s on %s", link, main(page.Body))
	}
	return b.Get(w.base + regexp.MustCompile("&amp;").ReplaceAllString(match[1], "&"))
}

func TestAllConsentsAreListedPageByPage(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(45)
	for _, sort := range []string{"start", "end"} {
		first := b.Get(w.base + "/consents?sort=" + sort)
		expect(t, "first page", first, 200, "45 autorisations")
		second := follow(w, b, first, nextLink)
		third := follow(w, b, second, nextLink)
		seen := map[string]bool{}
		for _, page := range []webtest.Answer{first, second, third} {
			for _, match := range itemLinks.FindAllStringSubmatch(page.Body, -1) {
				seen[match[1]] = true
			}
		}
		if len(seen) != 45 || nextLink.MatchString(third.Body) || backLink.MatchString(first.Body) {
			t.Errorf("by %s: %d consents on three pages", sort, len(seen))
		}
		back := follow(w, b, follow(w, b, third, backLink), backLink)
		if main(back.Body) == "" || fmt.Sprint(itemLinks.FindAllString(back.Body, -1)) != fmt.Sprint(itemLinks.FindAllString(first.Body, -1)) || backLink.MatchString(back.Body) {
			t.Errorf("by %s: the way back ends elsewhere", sort)
		}
	}
}

func TestHomeShowsTheFirstOfEachList(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(7)
	for range 4 {
		w.Clock.Advance(time.Second)
		p := w.Push()
		p.ForcePrompt = true
		w.Identified(t, p)
	}
	home := b.Get(w.base + "/home")
	expect(t, "home", home, 200, "Voir les demandes en attente", "Vous pouvez répondre jusqu’au", "Elles se terminent bientôt", "7 autorisations")
	if n := len(itemLinks.FindAllString(home.Body, -1)); n != 10 { // five active, five ending soon
		t.Errorf("%d consents on the home page", n)
	}
	if n := len(regexp.MustCompile(`href="/requests/`).FindAllString(home.Body, -1)); n != 3 {
		t.Errorf("%d requests on the home page", n)
	}
	waiting := b.Get(w.base + "/requests")
	if n := len(regexp.MustCompile(`href="/requests/`).FindAllString(waiting.Body, -1)); n != 4 {
		t.Errorf("%d requests on their page", n)
	}
}

// However many requests wait, each is shown once, page after page.
func TestEveryWaitingRequestIsReached(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(1)
	push := w.Push()
	push.ForcePrompt = true
	asked := w.Identified(t, push)
	err := w.Memory.Transact(t.Context(), func(tx consent.Tx) error {
		for range 29 { // at the same instant: identifiers alone tell them apart
			asked.ID, asked.URIHash = consent.NewID(), consent.HashOf(consent.NewID())
			if err := tx.InsertRequest(t.Context(), asked); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seen, pages := map[string]bool{}, 0
	links, next := regexp.MustCompile(`href="(/requests/[^"]+)"`), regexp.MustCompile(`href="(/requests\?after=[^"]+)"`)
	for path := "/requests"; path != ""; pages++ {
		page := b.Get(w.base + path)
		for _, link := range links.FindAllStringSubmatch(page.Body, -1) {
			if seen[link[1]] {
				t.Errorf("%s is shown twice", link[1])
			}
			seen[link[1]] = true
		}
		path = ""
		if more := next.FindStringSubmatch(page.Body); more != nil {
			path = more[1]
		}
	}
	if len(seen) != 30 || pages != 2 {
		t.Errorf("%d requests on %d pages", len(seen), pages)
	}
	expect(t, "another's place", b.Get(w.base+"/requests?after="+w.filedForPierre()), 404)
	expect(t, "no place", b.Get(w.base+"/requests?after=.."), 400)
}

// filedForPierre is a request that is not Angela's.
func (w *world) filedForPierre() string {
	w.t.Helper()
	r, err := w.Service.FileRequest(w.t.Context(), w.Filing(consenttest.Pierre().Identity))
	if err != nil {
		w.t.Fatal(err)
	}
	return r.ID
}

func TestListsAreFilteredByWhatTheyOffer(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(1)
	expect(t, "of the town hall", b.Get(w.base+"/consents?administration=mairie-lisiere"), 200, "1 autorisation", `value="mairie-lisiere" selected`)
	expect(t, "of nobody", b.Get(w.base+"/consents?administration=nobody"), 200, "Aucune autorisation ne correspond")
	expect(t, "over", b.Get(w.base+"/consents?state=ended"), 200, "Aucune autorisation ne correspond")
	w.Clock.Advance(consent.OnceLifetime)
	b.Get(w.base + "/sign-in")
	expect(t, "over later", b.Get(w.base+"/consents?state=ended"), 200, "1 autorisation", "Terminée")
	for _, query := range []string{"state=all", "sort=name", "after=..", "page=2", "state=active&state=ended"} {
		expect(t, query, b.Get(w.base+"/consents?"+query), 400)
	}
	expect(t, "another's place", b.Get(w.base+"/consents?after=unknown"), 404)
	for _, path := range []string{"/consents", "/requests"} {
		if a := webtest.NewBrowser(t).Get(w.base+path, webtest.Stop); a.Status == 200 {
			t.Errorf("%s is shown to nobody in particular", path)
		}
	}
}
