package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/internal/i18n"
)

// Page is what every page has; page structs embed it. Its methods write in the
// page's language: {{.T "key" "Name" value}}, {{.Date .EndsOn}}.
type Page struct {
	i18n.Localizer
	Title       string
	Tagline     string
	Home        string // where the header leads
	Tools       []Tool
	Resumed     bool // the form is as the citizen left it when their session ended
	Demo        bool
	Back        string // path the language switch returns to
	Stylesheets []string
	Favicon     string
	Languages   []Language
}

// Tool is a link of the header.
type Tool struct{ URL, Text string }

// Language is one choice of the language switch.
type Language struct {
	Code, Name, Direction string
	Current               bool
}

// Page starts a page with its title.
func (s *Site) Page(c *gin.Context, titleKey string, args ...any) Page {
	p := s.PageIn(s.language(c), titleKey, args...)
	if s.Session(c).SignedIn() {
		p.Tools = []Tool{{"/home", p.T("layout.home")}, {"/sign-out", p.T("layout.sign_out")}}
	}
	_, p.Resumed = s.Kept(c)
	if c.Request.Method == http.MethodGet {
		p.Back = c.Request.URL.Path
	}
	return p
}

// PageIn starts a page in a language, for nobody in particular.
func (s *Site) PageIn(lang, titleKey string, args ...any) Page {
	l := s.localizer(lang)
	p := Page{
		Localizer: l, Title: l.T(titleKey, args...), Demo: s.cfg.Demo, Back: "/", Home: "/", Tagline: l.T("layout.tagline"),
		Stylesheets: s.cfg.Assets.Stylesheets(), Favicon: s.cfg.Assets.Favicon(),
	}
	for _, code := range s.cfg.Bundle.Languages() {
		own := s.cfg.Bundle.Localizer(code, nil)
		p.Languages = append(p.Languages, Language{Code: code, Name: own.T("layout.language_name"), Direction: own.Direction(), Current: code == l.Lang})
	}
	return p
}

type templateSet map[string]*template.Template

// parseTemplates makes one set a page: the layout, the partials, and the page's
// own "main". Its name is its path without the extension.
func parseTemplates(files fs.FS) (templateSet, error) {
	base, err := template.New("layout.html").ParseFS(files, "*.html")
	if err != nil {
		return nil, err
	}
	paths, err := fs.Glob(files, "*/*.html")
	if err != nil {
		return nil, err
	}
	out := templateSet{}
	for _, path := range paths {
		page, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if out[strings.TrimSuffix(path, ".html")], err = page.ParseFS(files, path); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Render executes a template ("citizen/request") into a buffer, so that a
// failure never leaves half a page, and sends it.
func (s *Site) Render(c *gin.Context, status int, name string, page any) error {
	body, err := s.Execute(name, page)
	if err != nil {
		return err
	}
	c.Data(status, "text/html; charset=utf-8", body)
	return nil
}

// Execute renders a page to bytes. Tests use it to check templates against
// their structs.
func (s *Site) Execute(name string, page any) ([]byte, error) {
	t, ok := s.templates[name]
	if !ok {
		return nil, fmt.Errorf("no template %q", name)
	}
	var body bytes.Buffer
	if err := t.ExecuteTemplate(&body, "layout.html", page); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// Templates are the names of all pages.
func (s *Site) Templates() []string {
	var out []string
	for name := range s.templates {
		out = append(out, name)
	}
	return out
}
