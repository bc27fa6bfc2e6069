package web

import (
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/internal/i18n"
)

// Assets tells pages where styles are.
type Assets interface {
	Stylesheets() []string
	Favicon() string
}

// SiteConfig configures pages.
type SiteConfig struct {
	Templates fs.FS
	Bundle    *i18n.Bundle
	Sessions  Sessions
	Assets    Assets
	BaseURL   string // public origin
	Demo      bool   // says so on every page
	Now       func() time.Time
	Logger    *slog.Logger
}

// Site renders pages and keeps sessions.
type Site struct {
	cfg       SiteConfig
	templates templateSet
	origin    *http.CrossOriginProtection
}

// NewSite parses every template.
func NewSite(cfg SiteConfig) (*Site, error) {
	templates, err := parseTemplates(cfg.Templates)
	if err != nil {
		return nil, err
	}
	origin := http.NewCrossOriginProtection()
	if err := origin.AddTrustedOrigin(cfg.BaseURL); err != nil {
		return nil, err
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Site{cfg: cfg, templates: templates, origin: origin}, nil
}

// With is the same site for other sessions, with a clock and a log of its own: nothing
// is parsed again.
func (s *Site) With(sessions Sessions, now func() time.Time, logger *slog.Logger) *Site {
	other := *s
	other.cfg.Sessions, other.cfg.Now, other.cfg.Logger = sessions, now, logger
	return &other
}

// Get adds a page.
func (s *Site) Get(r gin.IRouter, path string, h Handler) {
	handlers := append(s.Middleware(), Handle(h, s.WriteError))
	r.GET(path, handlers...)
	r.HEAD(path, handlers...)
}

// Post adds a form's target: cross-origin posts never reach it.
func (s *Site) Post(r gin.IRouter, path string, h Handler) {
	r.POST(path, append(s.Middleware(), Handle(h, s.WriteError))...)
}

// Middleware is what every page runs first. Each step may end the request.
func (s *Site) Middleware() []gin.HandlerFunc {
	return append(s.Common(), Handle(s.loadSession, s.WriteError))
}

// Common is what pages run first that are not the citizen's: it looks at no session.
func (s *Site) Common() []gin.HandlerFunc {
	return []gin.HandlerFunc{Handle(s.prepare, s.WriteError), Handle(s.sameOrigin, s.WriteError)}
}

// prepare chooses the language and forbids keeping the page.
func (s *Site) prepare(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.Header("Vary", "Accept-Language, Cookie")
	s.language(c)
	return nil
}

// Missing answers what no route matched: programs get JSON, people a page.
func (s *Site) Missing(status int) gin.HandlerFunc {
	return func(c *gin.Context) {
		if forPrograms(c.Request.URL.Path) {
			JSON(c, status, gin.H{"error": "invalid_request", "error_description": http.StatusText(status)})
			return
		}
		if status == http.StatusMethodNotAllowed {
			s.write(c, wrongMethod)
			return
		}
		s.write(c, missingPage)
	}
}
