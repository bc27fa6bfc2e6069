package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/citizen"
)

// attestationStories are the states of the page that checks a paper.
var attestationStories = []storyOf{
	{"attestation", func(*stage) string { return "/attestation" }},
	{"attestation agrees", func(s *stage) string { return s.paper("novembre 2026", "4 270") }},
	{"attestation differs", func(s *stage) string { return s.paper("novembre 2026", "427") }},
	{"attestation unknown", func(s *stage) string {
		return s.checked(citizen.AttestationPath, url.Values{"code": {consent.NewAttestationCode().Printed()}, "line_1": {"novembre 2026"}})
	}},
	{"attestation problem", func(s *stage) string {
		return s.checked(citizen.AttestationPath, url.Values{"code": {"7K3M-9QTR"}, "number": {"33"}})
	}},
}

// paper is a paper whose reader copied the month and an amount.
func (s *stage) paper(month, amount string) string {
	code := s.Attested(s, "novembre 2026", "CNAF", "4 270")
	return s.checked(citizen.AttestationPath, url.Values{"code": {code.Printed()}, "line_1": {month}, "line_3": {amount}})
}

// checked is the page that answers a form, at an address that a story can lead to.
func (s *stage) checked(target string, form url.Values) string {
	s.target, s.sent = target, form
	return "/sent"
}

// send plays the form of the story, as its page would send it.
func (s *stage) send(c *gin.Context) {
	r := c.Request.Clone(c.Request.Context())
	body := s.sent.Encode()
	r.Method, r.URL, r.Body, r.ContentLength = http.MethodPost, &url.URL{Path: s.target}, io.NopCloser(strings.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	s.handler.ServeHTTP(c.Writer, r)
}
