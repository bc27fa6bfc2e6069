package web_test

import (
	"context"
	"errors"
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/i18n"
	"portail.example/locales"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// told are the codes that have words for citizens.
var told = map[consent.Code]int{
	consent.InvalidRequest: 400, consent.NothingChosen: 400, consent.InvalidEndDate: 400, consent.TooLarge: 413, consent.TooMany: 429,
	consent.InvalidClient: 400, consent.UnauthorizedClient: 403, consent.NotFound: 404, consent.CrossOrigin: 403, consent.Unavailable: 503,
	consent.RequestOverdue: 410, consent.RequestForeign: 403, consent.RequestAddressed: 403, consent.RequestClosed: 409,
	consent.GrantWithdrawn: 409, consent.GrantRelinquished: 409, consent.GrantReplaced: 409, consent.GrantExpired: 409, consent.GrantConsumed: 409,
	consent.SignInRequired: 401, consent.SessionEnded: 401, consent.SignInCancelled: 200, consent.SignInFailed: 400, consent.SignInUnavailable: 503, consent.NotPlaced: 503,
}

// forOthers are the codes of administrations, data providers and agents: a citizen
// never causes them, and reads an incident number if one comes through.
var forOthers = []consent.Code{
	consent.InvalidRedirectURI, consent.InvalidScope, consent.InvalidAuthorizationDetails, consent.UnsupportedGrantType, consent.UnsupportedResponseType,
	consent.InvalidGrant, consent.InvalidPeriod, consent.GrantSuspended, consent.AuthorizationPending, consent.SlowDown, consent.AccessDenied,
	consent.ExpiredToken, consent.InvalidProof, consent.ProofNonce, consent.InvalidToken, consent.TokenRevoked, consent.RecipientMismatch, consent.InsufficientScope,
	consent.AgentUnknown, consent.AgentRevoked, consent.InvitationLapsed, consent.AgentOtherAccount, consent.OtherAuthority, consent.SingleFactor, consent.RoleNotAllowed,
	consent.LegalHold, consent.SameAgent, consent.ExportRunning, consent.Namesakes,
}

// codes are those of consent/error.go, as they stand there.
func codes(t *testing.T) (out []consent.Code) {
	t.Helper()
	source, err := os.ReadFile("../../consent/error.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`Code = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		out = append(out, consent.Code(found[1]))
	}
	return out
}

var (
	paragraphs = regexp.MustCompile(`(?s)<h1>(.*?)</h1>.*?<p[^>]*>(.*?)</p>\s*<p>(.*?)</p>\s*<p>(.*?)</p>\s*<p><a class="fr-btn" href="(/[^"]*)">(.*?)</a></p>\s*<p class="fr-text--sm">(.*?)</p>`)
	numbers    = regexp.MustCompile(`[A-Z2-7]{12}`)
)

// sentences are what an error page says: title, what happened, what was not lost,
// the next step, its address, its link, the number. The number is in the log.
func (f *fixture) sentences(t *testing.T, a webtest.Answer) []string {
	t.Helper()
	found := paragraphs.FindStringSubmatch(html.UnescapeString(a.Body))
	if found == nil || slices.Contains(found, "") {
		t.Fatalf("not an error page: %d\n%s", a.Status, a.Body)
	}
	if number := numbers.FindString(found[7]); number == "" || number != a.Header.Get("X-Request-ID") || !strings.Contains(f.log.String(), "request_id="+number) {
		t.Errorf("the number in %q is not in the log", found[7])
	}
	return found[1:]
}

func TestEveryCodeHasWordsOfItsOwnInEveryLanguage(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Get(r, "/codes/:code", func(c *gin.Context) error { return consent.Refuse(consent.Code(c.Param("code")), "", secretText) })
	})
	all := codes(t)
	if len(all) != len(told)+len(forOthers) {
		t.Errorf("%d codes are listed, %d exist", len(told)+len(forOthers), len(all))
	}
	for _, code := range all {
		status, isTold := told[code]
		if isTold == slices.Contains(forOthers, code) {
			t.Errorf("%s is to be told to citizens, or to others: one of the two", code)
		}
		said := map[string]string{}
		for _, lang := range f.site.Languages() {
			b := webtest.NewBrowser(t)
			b.Header.Set("Accept-Language", lang)
			a := b.Get(f.base + "/codes/" + string(code))
			words := f.sentences(t, a)
			isIncident := words[0] == f.site.PageIn(lang, "error.incident.title").Title
			if isIncident == isTold || (isTold && a.Status != status) || strings.Contains(a.Body, secretText) {
				t.Errorf("%s in %s: %d %q", code, lang, a.Status, words)
			}
			if other := said[words[1]]; other != "" {
				t.Errorf("%s: %s speaks as %s: %q", code, lang, other, words[1])
			}
			said[words[1]] = lang
			if !strings.Contains(f.log.String(), "error=\""+string(code)) {
				t.Errorf("the log does not name %s", code)
			}
		}
	}
}

// What is refused before a handler is reached, each with the status and headers
// that go with it (RFC 9110 section 15.5).
func TestErrorsOfTheirOwnStatus(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Post(r, "/form", func(c *gin.Context) error { _, err := web.Form(c); return err })
		s.Get(r, "/busy", func(c *gin.Context) error { s.Busy(c); return nil })
		s.Get(r, "/panic", func(*gin.Context) error { panic(secretText) })
		s.Get(r, "/fails", func(*gin.Context) error {
			return &consent.Error{Code: consent.Unavailable, Err: errors.New("no connection")}
		})
		s.Get(r, "/mine", func(*gin.Context) error { return consent.Refuse(consent.SignInRequired, "", "nobody signed in") })
	})
	b := webtest.NewBrowser(t)
	long := map[string][]string{"text": {strings.Repeat("x", 70_000)}}
	thief := b.Clone()
	thief.Header.Set("Sec-Fetch-Site", "cross-site")
	for name, c := range map[string]struct {
		answer             webtest.Answer
		status             int
		title, header, has string
	}{
		"unknown address": {b.Get(f.base + "/nowhere"), 404, "Page introuvable", "Vary", "Accept-Language"},
		"a form's":        {b.Get(f.base + "/form"), 405, "Cette page ne s’ouvre pas directement", "Allow", "POST"},
		"too long":        {b.Post(f.base+"/form", long), 413, "Votre envoi est trop long", "Cache-Control", "no-store"},
		"another site's":  {thief.Post(f.base+"/form", nil), 403, "Ce formulaire vient d’un autre site", "", ""},
		"too many":        {b.Get(f.base + "/busy"), 429, "Trop de demandes à la fois", "Retry-After", "1"},
		"panic":           {b.Get(f.base + "/panic"), 500, "Un problème est survenu", "", ""},
		"outage":          {b.Get(f.base + "/fails"), 503, "Le service est indisponible", "Retry-After", "30"},
		"signed out":      {b.Get(f.base + "/mine"), 401, "Identifiez-vous", "WWW-Authenticate", "Cookie"},
	} {
		words := f.sentences(t, c.answer)
		if c.answer.Status != c.status || words[0] != c.title || !strings.Contains(c.answer.Header.Get(c.header), c.has) {
			t.Errorf("%s: %d %q %v", name, c.answer.Status, words, c.answer.Header)
		}
		if wait := c.answer.Header.Get("Retry-After"); (wait != "") != strings.Contains(words[3], "Réessayez dans "+wait+"\u00a0seconde") {
			t.Errorf("%s: the page says %q, the header %q", name, words[3], wait)
		}
	}
}

// A page is tried again where it is; a form at the page it is on, and nowhere else.
func TestTheNextStepLeadsBackToThePage(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		fail := func(*gin.Context) error { return consent.Refuse(consent.Unavailable, "", "") }
		s.Get(r, "/list", fail)
		s.Post(r, "/list/change", fail)
	})
	b := webtest.NewBrowser(t)
	if words := f.sentences(t, b.Get(f.base+"/list?after=x&state=ended")); words[4] != "/list?after=x&state=ended" {
		t.Errorf("a page: %q", words[4])
	}
	for path, want := range map[string]string{"/list": "back=%2flist\"", "/list?after=x": "back=%2f\"", "/nowhere": "back=%2fnowhere\""} {
		if a := b.Get(f.base + path); !strings.Contains(html.UnescapeString(a.Body), want) {
			t.Errorf("%s: the languages do not lead to %s", path, want)
		}
	}
	for from, want := range map[string]string{
		f.base + "/list": "/list", "https://evil.example/list": "/", f.base + "//evil.example": "/", "": "/", "%": "/",
	} {
		b.Header.Set("Referer", from)
		if words := f.sentences(t, b.Post(f.base+"/list/change", nil)); words[4] != want {
			t.Errorf("a form of %q: %q", from, words[4])
		}
	}
}

// A file that could not be made is told as a page, not kept as that file.
func TestAFileThatFailsIsAPage(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Get(r, "/file", func(c *gin.Context) error {
			c.Header("Content-Type", "application/json")
			c.Header("Content-Disposition", `attachment; filename="mine.json"`)
			return errors.New(secretText)
		})
	})
	a := webtest.NewBrowser(t).Get(f.base + "/file")
	f.sentences(t, a)
	if a.Status != 500 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || a.Header.Get("Content-Disposition") != "" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

// gone is a session store whose database is down.
type gone struct{ *consenttest.Memory }

func (gone) Session(context.Context, string, time.Time) (consent.Session, error) {
	return consent.Session{}, &consent.Error{Code: consent.Unavailable}
}

// Neither the session nor the page's own template is needed to say what happened.
func TestErrorsAreToldWhenNothingElseWorks(t *testing.T) {
	bundle, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	site, err := web.NewSite(web.SiteConfig{
		Templates: fstest.MapFS{"layout.html": {Data: []byte(`{{template "main" .}}`)}, "error/error.html": {Data: []byte(`{{define "main"}}{{.NoSuch}}{{end}}`)}},
		Bundle:    bundle, Sessions: gone{consenttest.NewMemory()}, Assets: webtest.NoAssets{}, BaseURL: "http://portal.test", Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	base := webtest.Serve(t, webtest.Silent(), site, time.Now, routes(func(r gin.IRouter) {
		site.Get(r, "/page", func(*gin.Context) error { t.Error("reached"); return nil })
	})).URL
	b := webtest.NewBrowser(t)
	b.Header.Set("Cookie", web.SessionCookie+"=x")
	a := b.Get(base + "/page")
	if a.Status != 503 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") || !strings.Contains(a.Body, a.Header.Get("X-Request-ID")) || !strings.Contains(a.Body, "Vos autorisations ne sont pas perdues") {
		t.Errorf("%d %s\n%s", a.Status, a.Header.Get("Content-Type"), a.Body)
	}
}
