package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/internal/i18n"
)

const (
	languageKey    = "language"
	languageCookie = "__Host-language"
	languageAge    = 365 * 24 * 3600 // seconds
)

// language is the citizen's own choice, then their browser's, then French.
func (s *Site) language(c *gin.Context) string {
	if chosen := c.GetString(languageKey); chosen != "" {
		return chosen
	}
	wish, _ := c.Cookie(languageCookie)
	lang := s.cfg.Bundle.Match(c.GetHeader("Accept-Language"), wish)
	c.Set(languageKey, lang)
	return lang
}

// Prefer honours an administration's ui_locales unless the citizen chose before.
func (s *Site) Prefer(c *gin.Context, lang string) {
	if chosen, _ := c.Cookie(languageCookie); chosen == "" && s.cfg.Bundle.Has(lang) {
		c.Set(languageKey, lang)
	}
}

// Localizer writes in the request's language.
func (s *Site) Localizer(c *gin.Context) i18n.Localizer {
	return s.localizer(s.language(c))
}

func (s *Site) localizer(lang string) i18n.Localizer {
	return s.cfg.Bundle.Localizer(lang, func(key string, err error) {
		s.cfg.Logger.Error("missing text", "key", key, "error", err)
	})
}

// Mount adds the language switch, which every page links to.
func (s *Site) Mount(r gin.IRouter) { s.Get(r, "/language", s.switchLanguage) }

func (s *Site) switchLanguage(c *gin.Context) error {
	params, err := Query(c)
	if err != nil {
		return err
	}
	to := params.Get("to")
	if !s.cfg.Bundle.Has(to) {
		return consent.Refuse(consent.InvalidRequest, "to", "no such language")
	}
	SetCookie(c, languageCookie, to, languageAge)
	c.Redirect(http.StatusSeeOther, localPath(params.Get("back")))
	return nil
}

// localPath refuses to lead elsewhere: only a path of ours comes back, anything
// else (//host, /\host, a scheme) becomes the start page.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "\\\r\n\t?#") || strings.HasPrefix(path, "//") {
		return "/"
	}
	return path
}

// SetCookie writes a cookie of ours, for age seconds; until the browser closes when it
// is zero. The __Host- prefix demands Secure, no
// Domain, and Path=/ ; browsers accept it on http://localhost.
func SetCookie(c *gin.Context, name, value string, age int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// Languages are those pages exist in.
func (s *Site) Languages() []string { return s.cfg.Bundle.Languages() }
