package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// routes is a room made of functions.
type routes func(gin.IRouter)

func (f routes) Mount(r gin.IRouter) { f(r) }

type fixture struct {
	site   *web.Site
	memory *consenttest.Memory
	clock  *consenttest.Clock
	log    *bytes.Buffer
	base   string
}

func serve(t *testing.T, add func(*web.Site, gin.IRouter)) *fixture {
	t.Helper()
	f := &fixture{memory: consenttest.NewMemory(), clock: consenttest.NewClock(), log: &bytes.Buffer{}}
	f.site = webtest.Site(t, f.memory, f.clock.Now)
	logger := slog.New(slog.NewTextHandler(&synchronized{Buffer: f.log}, nil))
	f.base = webtest.Serve(t, logger, f.site, f.clock.Now, f.site, routes(func(r gin.IRouter) { add(f.site, r) })).URL
	return f
}

type synchronized struct {
	*bytes.Buffer
	mu sync.Mutex
}

func (s *synchronized) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

const secretText = "DUBOIS Angela 4270"

func TestErrorsShowWhatTheTableSaysAndNothingElse(t *testing.T) {
	cases := map[string]struct {
		err    error
		status int
		text   string
	}{
		"refusal":      {consent.Refuse(consent.RequestOverdue, "", secretText), http.StatusGone, "Cette demande a expiré"},
		"wrapped":      {fmt.Errorf("doing: %w", consent.Refuse(consent.NotFound, "", "")), http.StatusNotFound, "Page introuvable"},
		"outage":       {&consent.Error{Code: consent.Unavailable, Err: errors.New(secretText)}, http.StatusServiceUnavailable, "Le service est indisponible"},
		"a stranger":   {errors.New(secretText), http.StatusInternalServerError, "Un problème est survenu"},
		"unlisted one": {consent.Refuse(consent.TokenRevoked, "", secretText), http.StatusInternalServerError, "Un problème est survenu"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := serve(t, func(s *web.Site, r gin.IRouter) { s.Get(r, "/x", func(*gin.Context) error { return c.err }) })
			a := webtest.NewBrowser(t).Get(f.base + "/x")
			if a.Status != c.status || !strings.Contains(a.Body, c.text) || strings.Contains(a.Body, secretText) {
				t.Errorf("%d\n%s", a.Status, a.Body)
			}
			if id := a.Header.Get("X-Request-ID"); len(id) != 12 || !strings.Contains(a.Body, id) || !strings.Contains(f.log.String(), id) {
				t.Errorf("the incident number %q is not on the page and in the log", id)
			}
		})
	}
}

func TestAPanicIsAnIncidentOnThePageAndAStackInTheLog(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Get(r, "/page", func(*gin.Context) error { panic(secretText) })
		s.Get(r, "/error", func(*gin.Context) error { panic(errors.New(secretText)) })
		r.GET("/bare", func(*gin.Context) { panic(secretText) })
	})
	for _, path := range []string{"/page", "/bare"} {
		a := webtest.NewBrowser(t).Get(f.base + path)
		if a.Status != 500 || strings.Contains(a.Body, secretText) {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if log := f.log.String(); strings.Contains(log, secretText) || strings.Count(log, "stack=") != 2 || !strings.Contains(log, "level=ERROR") {
		t.Error(log)
	}
}

func TestTheLogNamesRoutesNeverWhatWasSent(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Get(r, "/people/:id", func(c *gin.Context) error { c.String(200, "ok"); return nil })
	})
	b := webtest.NewBrowser(t)
	b.Header.Set("User-Agent", "agent-dubois")
	b.Get(f.base + "/people/dubois?name=dubois")
	b.Get(f.base + "/unknown/dubois")
	log := f.log.String()
	if strings.Contains(log, "dubois") || !strings.Contains(log, "route=/people/:id") || !strings.Contains(log, "route=unmatched") {
		t.Error(log)
	}
}

func TestPeopleGetPagesAndProgramsGetJSONForWhatIsMissing(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Post(r, "/form", func(*gin.Context) error { return nil })
		r.POST("/oauth/token", func(*gin.Context) {})
	})
	b := webtest.NewBrowser(t)
	for path, want := range map[string]struct {
		status int
		kind   string
	}{
		"/nowhere": {404, "text/html"}, "/form": {405, "text/html"}, "/data/v9": {404, "application/json"}, "/oauth/token": {405, "application/json"}, "/form/": {404, "text/html"},
	} {
		if a := b.Get(f.base + path); a.Status != want.status || !strings.HasPrefix(a.Header.Get("Content-Type"), want.kind) {
			t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Content-Type"))
		}
	}
}

func TestParametersAreGivenOnceAndWithinLimits(t *testing.T) {
	f := serve(t, func(_ *web.Site, r gin.IRouter) {
		r.POST("/form", web.Handle(func(c *gin.Context) error {
			form, err := web.Form(c, "many")
			if err == nil {
				c.String(200, form.Get("a")+strings.Join(form.All("many"), "+"))
			}
			return err
		}, func(c *gin.Context, err error) { c.String(400, "%s %s", consent.CodeOf(err), consent.FieldOf(err)) }))
	})
	long := strings.Repeat("x", 9000)
	cases := map[string]struct{ kind, body, want string }{
		"good":             {"application/x-www-form-urlencoded", "a=1&many=2&many=3", "12+3"},
		"with charset":     {"application/x-www-form-urlencoded; charset=utf-8", "a=1", "1"},
		"twice":            {"application/x-www-form-urlencoded", "a=1&a=2", "invalid_request a"},
		"twice the same":   {"application/x-www-form-urlencoded", "a=1&a=1", "invalid_request a"},
		"semicolon":        {"application/x-www-form-urlencoded", "a=1;b=2", "invalid_request "},
		"bad escape":       {"application/x-www-form-urlencoded", "a=%zz", "invalid_request "},
		"NUL":              {"application/x-www-form-urlencoded", "a=%00", "invalid_request a"},
		"not UTF-8":        {"application/x-www-form-urlencoded", "a=%ff", "invalid_request a"},
		"value too long":   {"application/x-www-form-urlencoded", "a=" + long, "too_large a"},
		"body too long":    {"application/x-www-form-urlencoded", strings.Repeat("b"+long+"=1&", 9), "too_large "},
		"a name with text": {"application/x-www-form-urlencoded", "Jean Dupont=1&Jean Dupont=2", "invalid_request ?"},
		"JSON":             {"application/json", `{"a":1}`, "invalid_request "},
		"no type":          {"", "a=1", "invalid_request "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			response, err := http.Post(f.base+"/form", c.kind, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			var got bytes.Buffer
			if _, err := got.ReadFrom(response.Body); err != nil {
				t.Fatal(err)
			}
			if got.String() != c.want {
				t.Errorf("got %q, want %q", got.String(), c.want)
			}
		})
	}
}

func TestTheLanguageSwitchStaysOnThisSite(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Get(r, "/requests/:id", func(*gin.Context) error { return consent.Refuse(consent.NotFound, "", "") })
	})
	b := webtest.NewBrowser(t)
	for back, want := range map[string]string{
		"/requests/1": "/requests/1", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/", "": "/", "/a?b": "/", "/a\nb": "/",
	} {
		a := b.Get(f.base+"/language?"+url.Values{"to": {"en"}, "back": {back}}.Encode(), webtest.Stop)
		if a.Status != http.StatusSeeOther || a.Header.Get("Location") != want {
			t.Errorf("%q: %d %q", back, a.Status, a.Header.Get("Location"))
		}
	}
	if a := b.Get(f.base + "/requests/1"); !strings.Contains(a.Body, `lang="en"`) || !strings.Contains(a.Body, "Page not found") {
		t.Error("the choice is not remembered")
	}
	if a := b.Get(f.base + "/language?to=xx&back=/"); a.Status != http.StatusBadRequest {
		t.Errorf("an unknown language: %d", a.Status)
	}
}

func TestCookiesAreBoundToThisHostAndHiddenFromScripts(t *testing.T) {
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Get(r, "/", func(c *gin.Context) error { _, err := s.EnsureSession(c); return err })
	})
	a := webtest.NewBrowser(t).Get(f.base + "/")
	cookie := a.Header.Get("Set-Cookie")
	for _, part := range []string{"__Host-session=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("%q lacks %s", cookie, part)
		}
	}
	if strings.Contains(cookie, "Domain") {
		t.Errorf("%q names a domain", cookie)
	}
}

func TestAForgedAddressIsNotBelieved(t *testing.T) {
	for name, c := range map[string]struct {
		proxies []string
		want    string
	}{"no proxy": {nil, "127.0.0.1"}, "a trusted one": {[]string{"127.0.0.0/8"}, "203.0.113.7"}} {
		t.Run(name, func(t *testing.T) {
			engine, err := web.NewEngine(web.EngineConfig{Logger: webtest.Silent(), TrustedProxies: c.proxies, Now: consenttest.NewClock().Now})
			if err != nil {
				t.Fatal(err)
			}
			engine.GET("/", func(c *gin.Context) { c.String(200, c.ClientIP()) })
			server := httptest.NewServer(engine)
			t.Cleanup(server.Close)
			b := webtest.NewBrowser(t)
			b.Header.Set("X-Forwarded-For", "203.0.113.7")
			if got := b.Get(server.URL).Body; got != c.want {
				t.Errorf("the client is %s, want %s", got, c.want)
			}
		})
	}
}

func TestHandlersAreToldWhenTheCallerLeaves(t *testing.T) {
	left := make(chan error, 1)
	entered := make(chan struct{})
	f := serve(t, func(s *web.Site, r gin.IRouter) {
		s.Get(r, "/slow", func(c *gin.Context) error {
			close(entered)
			<-c.Request.Context().Done()
			left <- c.Err() // the gin context itself, which needs ContextWithFallback
			return c.Err()
		})
	})
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.base+"/slow", nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() { <-entered; cancel() }()
	if response, err := http.DefaultClient.Do(request); err == nil {
		_ = response.Body.Close()
	}
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestBothLanguagesAtOnceDoNotMix(t *testing.T) {
	f := serve(t, func(*web.Site, gin.IRouter) {})
	var all sync.WaitGroup
	for i := range 40 {
		lang, want := []string{"fr", "en"}[i%2], []string{"Page introuvable", "Page not found"}[i%2]
		b := webtest.NewBrowser(t)
		b.Header.Set("Accept-Language", lang)
		all.Go(func() {
			if a := b.Get(f.base + "/nowhere"); !strings.Contains(a.Body, want) {
				t.Errorf("%s: no %q", lang, want)
			}
		})
	}
	all.Wait()
}

func TestHSTSComesWithHTTPSOnly(t *testing.T) {
	for _, https := range []bool{false, true} {
		engine, err := web.NewEngine(web.EngineConfig{Logger: webtest.Silent(), HTTPS: https, Now: consenttest.NewClock().Now})
		if err != nil {
			t.Fatal(err)
		}
		recorder := httptest.NewRecorder()
		engine.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
		if got := recorder.Header().Get("Strict-Transport-Security") != ""; !cmp.Equal(got, https) {
			t.Errorf("HTTPS %v: HSTS %v", https, got)
		}
	}
}
