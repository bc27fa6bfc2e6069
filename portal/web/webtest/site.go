// Package webtest helps to test rooms over HTTP: a site with the real templates
// and catalogues, and a browser that keeps cookies as browsers do.
package webtest

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/internal/i18n"
	"portail.example/locales"
	"portail.example/portal/web"
	"portail.example/templates"
)

// NoAssets stands in for the design system, which unit tests do not fetch.
type NoAssets struct{}

// Stylesheets is one address.
func (NoAssets) Stylesheets() []string { return []string{"/assets/none.css"} }

// Favicon is an address.
func (NoAssets) Favicon() string { return "/assets/none.svg" }

// Site is a site on a session store. The test fails when a text is missing.
func Site(t testing.TB, sessions web.Sessions, now func() time.Time) *web.Site {
	t.Helper()
	site, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return site.With(sessions, now, slog.New(slog.NewTextHandler(t.Output(), nil)))
}

// Words are every text of the portal, read once.
func Words(t testing.TB) *i18n.Bundle {
	t.Helper()
	bundle, err := words()
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

var words = sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.Load(locales.FS) })

// parsed is the site that all the others are like.
var parsed = sync.OnceValues(func() (*web.Site, error) {
	bundle, err := words()
	if err != nil {
		return nil, err
	}
	return web.NewSite(web.SiteConfig{Templates: templates.FS, Bundle: bundle, Assets: NoAssets{}, BaseURL: "http://portal.test"})
})

// Room is a set of routes.
type Room interface{ Mount(r gin.IRouter) }

// Serve runs rooms on an engine like the server's, on a real port.
func Serve(t testing.TB, logger *slog.Logger, site *web.Site, now func() time.Time, rooms ...Room) *httptest.Server {
	t.Helper()
	engine, err := web.NewEngine(web.EngineConfig{Logger: logger, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	engine.NoRoute(site.Missing(http.StatusNotFound))
	engine.NoMethod(site.Missing(http.StatusMethodNotAllowed))
	for _, room := range rooms {
		room.Mount(engine)
	}
	server := httptest.NewServer(engine)
	t.Cleanup(server.Close)
	return server
}

// Silent is a logger for tests that do not look at the log.
func Silent() *slog.Logger { return slog.New(slog.DiscardHandler) }
