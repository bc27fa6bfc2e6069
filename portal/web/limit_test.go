package web_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent/consenttest"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

func TestAnAddressThatAsksTooMuch(t *testing.T) {
	clock := consenttest.NewClock()
	site := webtest.Site(t, consenttest.NewMemory(), clock.Now)
	engine, err := web.NewEngine(web.EngineConfig{Logger: webtest.Silent(), Now: clock.Now, TrustedProxies: []string{"10.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	engine.Use(web.NewLimiter(web.RateOf(20), clock.Now).Limit(site.Busy))
	engine.NoRoute(site.Missing(http.StatusNotFound))
	ask := func(path, peer, forwarded string) *httptest.ResponseRecorder {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		request.RemoteAddr = net.JoinHostPort(peer, "4000")
		request.Header.Set("X-Forwarded-For", forwarded)
		recorder := httptest.NewRecorder()
		engine.ServeHTTP(recorder, request)
		return recorder
	}
	for range 200 {
		if a := ask("/x", "192.0.2.1", ""); a.Code != http.StatusNotFound {
			t.Fatalf("too soon: %d", a.Code)
		}
	}
	cases := map[string]struct {
		path, peer, forwarded string
		status                int
		kind                  string
	}{
		"a person":                       {"/x", "192.0.2.1", "", 429, "text/html"},
		"a program":                      {"/oauth/x", "192.0.2.1", "", 429, "application/json"},
		"a person who comes to answer":   {"/oauth/authorize", "192.0.2.1", "", 429, "text/html"},
		"another address, they say":      {"/x", "192.0.2.1", "192.0.2.9", 429, "text/html"},
		"another address":                {"/x", "192.0.2.2", "", 404, ""},
		"the proxy, for somebody else":   {"/x", "10.0.0.1", "192.0.2.3", 404, ""},
		"the proxy, for the one limited": {"/x", "10.0.0.1", "192.0.2.1", 429, "text/html"},
		"the data API":                   {"/data/x", "192.0.2.1", "", 404, ""},
	}
	for name, c := range cases {
		a := ask(c.path, c.peer, c.forwarded)
		if a.Code != c.status || (c.status == 429 && (a.Header().Get("Retry-After") != "1" || a.Header().Get("Content-Type")[:len(c.kind)] != c.kind)) {
			t.Errorf("%s: %d %v", name, a.Code, a.Header())
		}
	}
	for i := range 200 {
		ask("/x", fmt.Sprintf("2001:db8::%x", i+1), "")
	}
	if a := ask("/x", "2001:db8::ffff", ""); a.Code != http.StatusTooManyRequests {
		t.Errorf("another address of the same /64: %d", a.Code)
	}
	if a := ask("/x", "2001:db8:0:1::1", ""); a.Code != http.StatusNotFound {
		t.Errorf("another /64: %d", a.Code)
	}
	clock.Advance(time.Second)
	if a := ask("/x", "192.0.2.1", ""); a.Code != http.StatusNotFound {
		t.Errorf("a second later: %d", a.Code)
	}
}

// A provider asks about tokens all day, from one address: it is counted by its name.
// Whoever proves nothing is counted there too, and stopped.
func TestAProgramThatProvedItselfIsNotCountedByItsAddress(t *testing.T) {
	clock := consenttest.NewClock()
	engine, err := web.NewEngine(web.EngineConfig{Logger: webtest.Silent(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	engine.Use(web.NewLimiter(web.RateOf(20), clock.Now).Limit(webtest.Site(t, consenttest.NewMemory(), clock.Now).Busy))
	engine.GET("/oauth/proved", func(c *gin.Context) { web.Known(c); c.Status(http.StatusOK) })
	engine.GET("/oauth/stranger", func(c *gin.Context) { c.Status(http.StatusUnauthorized) })
	ask := func(path string) (status int) {
		recorder := httptest.NewRecorder()
		engine.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return recorder.Code
	}
	for i := range 400 {
		if got := ask("/oauth/proved"); got != http.StatusOK {
			t.Fatalf("request %d of a program that proved itself: %d", i+1, got)
		}
	}
	for i := range 201 {
		want := http.StatusUnauthorized
		if i == 200 {
			want = http.StatusTooManyRequests
		}
		if got := ask("/oauth/stranger"); got != want {
			t.Fatalf("request %d of a stranger: %d", i+1, got)
		}
	}
}

// Strangers who come together are counted as they come, not as they leave.
func TestStrangersAtOnceAreCountedBeforeTheyAreServed(t *testing.T) {
	clock := consenttest.NewClock()
	engine, err := web.NewEngine(web.EngineConfig{Logger: webtest.Silent(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	engine.Use(web.NewLimiter(web.RateOf(2), clock.Now).Limit(webtest.Site(t, consenttest.NewMemory(), clock.Now).Busy))
	serve, statuses := make(chan struct{}), make(chan int)
	engine.GET("/oauth/stranger", func(c *gin.Context) { <-serve; c.Status(http.StatusUnauthorized) })
	const burst, more = 20, 10
	for range burst + more {
		go func() {
			recorder := httptest.NewRecorder()
			engine.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/oauth/stranger", nil))
			statuses <- recorder.Code
		}()
	}
	for i := range burst + more {
		want := http.StatusTooManyRequests
		if i >= more {
			want = http.StatusUnauthorized
		}
		if i == more {
			close(serve)
		}
		select {
		case got := <-statuses:
			if got != want {
				t.Errorf("answer %d: %d", i+1, got)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%d strangers were stopped while %d are served", i, burst+more-i)
		}
	}
}
