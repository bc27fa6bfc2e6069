// Package openidtest is what the tests of both sign-ins need beside a stand-in: a
// person's browser, and ways to sign what the stand-in should not.
package openidtest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// Person is a browser that keeps its cookies and stays at the stand-in: it does not
// follow the way back to the portal.
type Person struct{ *http.Client }

// NewPerson is a browser without cookies. Portal is where it does not go.
func NewPerson(t testing.TB, portal string) Person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return Person{&http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), portal) {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

// Visit opens a page; back is set when the browser was sent back to the portal.
func (p Person) Visit(t testing.TB, address string) (status int, page string, back *url.URL) {
	t.Helper()
	response, err := p.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.Header.Get("Location") != "" {
		if back, err = response.Location(); err != nil {
			t.Fatal(err)
		}
	}
	return response.StatusCode, string(body), back
}
