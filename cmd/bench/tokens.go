package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// tokens are a token endpoint's answer.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	GrantID string `json:"grant_id"`
}

// administration is an OAuth client with client_secret_basic and a connection.
type administration struct {
	c       *connection
	headers string
}

func newAdministration(base, id, secret string) (administration, error) {
	c, err := connect(base)
	basic := base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id) + ":" + url.QueryEscape(secret)))
	return administration{c, "Authorization: Basic " + basic + "\r\n"}, err
}

func (a administration) post(path, form string, status int) (answer, error) {
	got, err := a.c.do(http.MethodPost, path, a.headers, form)
	return expect(got, err, status)
}

const verifier = "a-code-verifier-of-43-characters-or-more-for-pkce"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// push sends an authorization request (RFC 9126) and returns its request_uri.
func (a administration) push(path string, more url.Values) (string, error) {
	form := url.Values{
		"client_id": {clientID}, "response_type": {"code"}, "redirect_uri": {callback}, "state": {"s"}, "prompt": {"consent"},
		"code_challenge": {challenge()}, "code_challenge_method": {"S256"},
	}
	for name, values := range more {
		form[name] = values
	}
	got, err := a.post(path, form.Encode(), http.StatusCreated)
	if err != nil {
		return "", err
	}
	var pushed struct {
		RequestURI string `json:"request_uri"`
	}
	return pushed.RequestURI, json.Unmarshal([]byte(got.Body), &pushed)
}

func (a administration) redeem(path, code string, more url.Values) (tokens, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier}}
	for name, values := range more {
		form[name] = values
	}
	return a.token(path, form)
}

func (a administration) token(path string, form url.Values) (out tokens, err error) {
	got, err := a.post(path, form.Encode(), http.StatusOK)
	if err == nil {
		err = json.Unmarshal([]byte(got.Body), &out)
	}
	if err == nil && out.Access == "" {
		err = errors.New("no access_token")
	}
	return out, err
}

// active introspects a token (RFC 7662).
func (a administration) active(path, token string) (bool, error) {
	got, err := a.post(path, "token="+url.QueryEscape(token), http.StatusOK)
	return strings.Contains(got.Body, `"active":true`), err
}

// isActive is active for tokens that must be.
func (a administration) isActive(path, token string) error {
	active, err := a.active(path, token)
	if err == nil && !active {
		err = errors.New("a live token is not active")
	}
	return err
}
