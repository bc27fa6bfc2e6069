package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// ErrorPage is templates/error/error.html.
type ErrorPage struct {
	Page
	What     string // what happened, and what was not lost
	Next     string // the one next step
	NextURL  string
	Incident string
}

// errorAnswer is how a Code is told to a citizen; its texts are error.<key>.*.
type errorAnswer struct {
	status int
	key    string
	next   string // where the one next step leads
}

// errorAnswers lists every Code a citizen can meet. What is not listed says
// nothing but its incident number.
var errorAnswers = map[consent.Code]errorAnswer{
	consent.InvalidRequest:     {http.StatusBadRequest, "invalid_request", "/"},
	consent.TooLarge:           {http.StatusRequestEntityTooLarge, "invalid_request", "/"},
	consent.InvalidClient:      {http.StatusBadRequest, "invalid_client", "/"},
	consent.UnauthorizedClient: {http.StatusForbidden, "unauthorized_client", "/"},
	consent.NotFound:           {http.StatusNotFound, "not_found", "/"},
	consent.RequestOverdue:     {http.StatusGone, "request_expired", "/"},
	consent.RequestForeign:     {http.StatusForbidden, "request_foreign", "/"},
	consent.RequestClosed:      {http.StatusConflict, "request_closed", "/"},
	consent.SignInRequired:     {http.StatusUnauthorized, "sign_in_required", "/sign-in"},
	consent.SignInCancelled:    {http.StatusOK, "sign_in_cancelled", "/sign-in"},
	consent.SignInFailed:       {http.StatusBadRequest, "sign_in_failed", "/sign-in"},
	consent.SignInUnavailable:  {http.StatusServiceUnavailable, "sign_in_unavailable", "/sign-in"},
	consent.CrossOrigin:        {http.StatusForbidden, "cross_origin", "/"},
	consent.Unavailable:        {http.StatusServiceUnavailable, "unavailable", "/"},
}

// tooMany is the page of an address that asks too much.
const tooMany = "too_many"

var incident = errorAnswer{http.StatusInternalServerError, "incident", "/"}

// ErrorKeys are the keys under error.* that pages use, for the catalogues' test.
func ErrorKeys() []string {
	out := []string{incident.key, tooMany}
	for _, answer := range errorAnswers {
		out = append(out, answer.key)
	}
	return out
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
		answer.next = next
	}
	if answer.status == http.StatusServiceUnavailable {
		c.Header("Retry-After", "30")
	}
	s.write(c, answer)
}

func (s *Site) writePage(c *gin.Context, status int, key string) {
	s.write(c, errorAnswer{status, key, "/"})
}

func (s *Site) write(c *gin.Context, answer errorAnswer) {
	c.Header("Cache-Control", "no-store")
	page := s.Page(c, "error."+answer.key+".title")
	page.Back = "/"
	out := ErrorPage{
		Page: page, What: page.T("error." + answer.key + ".what"), Next: page.T("error." + answer.key + ".next"),
		NextURL: answer.next, Incident: RequestID(c),
	}
	if err := s.Render(c, answer.status, "error/error", out); err != nil {
		_ = c.Error(err)
		c.String(answer.status, "incident %s\n", RequestID(c))
	}
}

// forPrograms tells the paths whose callers read JSON.
func forPrograms(path string) bool {
	for _, prefix := range []string{"/oauth/", "/data/", "/webhooks/", "/.well-known/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
