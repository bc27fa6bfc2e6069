package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// ErrorPage is templates/error/error.html.
type ErrorPage struct {
	Page
	What     string // what happened
	Kept     string // what was not lost
	Step     string // the one next step
	Wait     string // when it is worth trying again; empty for at once
	Next     string // the step's link
	NextURL  string
	Incident string
}

// WriteError is the citizen's error writer.
func (s *Site) WriteError(c *gin.Context, err error) { s.WriteErrorWith(c, err, "") }

// WriteErrorWith also says where the next step leads, when the caller knows
// better than the table.
func (s *Site) WriteErrorWith(c *gin.Context, err error, next string) {
	answer, listed := errorAnswers[consent.CodeOf(err)]
	if !listed {
		answer = incident
	}
	if next != "" {
		answer.way.url = next
	}
	s.write(c, answer)
}

// write needs neither a session nor the database. What a template cannot show is
// told as plain text.
func (s *Site) write(c *gin.Context, answer errorAnswer) {
	c.Header("Cache-Control", "no-store")
	c.Header("Vary", "Accept-Language, Cookie")
	if answer.wait > 0 {
		c.Header("Retry-After", strconv.Itoa(answer.wait))
	}
	if answer.status == http.StatusUnauthorized { // RFC 9110 section 15.5.2
		c.Header("WWW-Authenticate", "Cookie")
	}
	page := s.errorPage(c, answer)
	if err := s.Render(c, answer.status, "error/error", page); err != nil {
		_ = c.Error(err)
		c.String(answer.status, "%s", page.plain())
	}
}

func (s *Site) errorPage(c *gin.Context, answer errorAnswer) ErrorPage {
	texts := "error." + answer.key
	page := s.Page(c, texts+".title")
	page.Resumed = false              // there is no form here
	if c.Request.URL.RawQuery != "" { // the switch of language would lose it
		page.Back = "/"
	}
	out := ErrorPage{
		Page: page, What: page.T(texts + ".what"), Kept: page.T(texts + ".kept"), Step: page.T(texts + ".step"),
		Next: page.T("error.to." + answer.way.name), NextURL: answer.way.url, Incident: RequestID(c),
	}
	if answer.wait > 0 {
		out.Wait = page.T("error.wait", "Count", answer.wait)
	}
	if out.NextURL == "" {
		out.NextURL = samePage(c.Request)
	}
	return out
}

// plain is the page without its template.
func (p ErrorPage) plain() string {
	number := p.T("error.incident_number", "Number", p.Incident)
	return fmt.Sprintf("%s\n\n%s\n%s\n%s\n\n%s\n", p.Title, p.What, p.Kept, p.Step, number)
}

// samePage is the page that failed, or the one whose form did: a form is not sent
// again by a link.
func samePage(r *http.Request) string {
	if r.Method == http.MethodGet && localPath(r.URL.Path) == r.URL.Path {
		return r.URL.RequestURI()
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return "/"
	}
	return localPath(from.Path)
}

// forPrograms tells the paths whose callers read JSON. A browser, with a person
// before it, is at the one where requests are opened.
func forPrograms(path string) bool {
	if path == "/oauth/authorize" {
		return false
	}
	for _, prefix := range []string{"/oauth/", "/data/", "/webhooks/", "/.well-known/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
