package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// browser is a citizen's: it keeps cookies and a connection to each server.
type browser struct {
	open    map[string]*connection
	cookies map[string]map[string]string // host name → name → value
}

func newBrowser() *browser {
	return &browser{open: map[string]*connection{}, cookies: map[string]map[string]string{}}
}

func (b *browser) get(address string) (answer, error) {
	return b.send(http.MethodGet, address, nil)
}

// send does not follow redirects: the journeys are written out step by step.
func (b *browser) send(method, address string, form url.Values) (answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return answer{}, err
	}
	c := b.open[u.Host]
	if c == nil {
		if c, err = connect(address); err != nil {
			return answer{}, err
		}
		b.open[u.Host] = c
	}
	a, err := c.do(method, u.RequestURI(), b.headers(u.Hostname()), form.Encode())
	if err != nil {
		return a, fmt.Errorf("%s %s: %w", method, u.Path, err)
	}
	b.keep(u.Hostname(), a)
	return a, nil
}

// hangUp forgets the connections; the cookies stay.
func (b *browser) hangUp() {
	for _, c := range b.open {
		_ = c.conn.Close()
	}
	clear(b.open)
}

func (b *browser) headers(host string) string {
	var pairs []string
	for name, value := range b.cookies[host] {
		pairs = append(pairs, name+"="+value)
	}
	return "Accept-Language: fr\r\nSec-Fetch-Site: same-origin\r\nCookie: " + strings.Join(pairs, "; ") + "\r\n"
}

func (b *browser) keep(host string, a answer) {
	if b.cookies[host] == nil {
		b.cookies[host] = map[string]string{}
	}
	for _, cookie := range (&http.Response{Header: a.Header}).Cookies() {
		if cookie.MaxAge < 0 || cookie.Value == "" {
			delete(b.cookies[host], cookie.Name)
			continue
		}
		b.cookies[host][cookie.Name] = cookie.Value
	}
}

// redirect sends, expects a redirect, and returns where it leads.
func (b *browser) redirect(method, address string, form url.Values) (string, error) {
	a, err := b.send(method, address, form)
	if err == nil && a.Status != http.StatusSeeOther && a.Status != http.StatusFound {
		err = fmt.Errorf("%s: status %d instead of a redirect: %.300s", address, a.Status, a.Body)
	}
	if err != nil {
		return "", err
	}
	base, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	target, err := base.Parse(a.Header.Get("Location"))
	if err != nil {
		return "", err
	}
	return target.String(), nil
}

// between is what stands between two marks of a page.
func between(page, before, after string) (string, error) {
	_, rest, found := strings.Cut(page, before)
	if out, _, closed := strings.Cut(rest, after); found && closed {
		return out, nil
	}
	return "", fmt.Errorf("%q is not on the page: %.300s", before, page)
}
