package webtest

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Browser is one browser without script. Like real ones it sends Secure cookies
// to http://localhost, and ignores ports when it chooses cookies.
type Browser struct {
	t       testing.TB
	client  http.Client
	cookies map[string]map[string]string // host → name → value
	// Header is sent with each request.
	Header http.Header
}

// Answer is what came back, after redirects were followed.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	URL    *url.URL
}

// NewBrowser is a browser that speaks French and knows nothing yet.
func NewBrowser(t testing.TB) *Browser {
	b := &Browser{t: t, cookies: map[string]map[string]string{}, Header: http.Header{"Accept-Language": {"fr"}}}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// Clone is the same browser with its cookies, as a second tab or a thief has them.
func (b *Browser) Clone() *Browser {
	other := NewBrowser(b.t)
	for host, cookies := range b.cookies {
		other.cookies[host] = maps.Clone(cookies)
	}
	other.Header = b.Header.Clone()
	return other
}

// Get follows a link, and redirects while follow says so (nil follows all).
func (b *Browser) Get(address string, follow ...func(*url.URL) bool) Answer {
	b.t.Helper()
	return b.do(http.MethodGet, address, nil, follow)
}

// Post sends a form as a page of the same site would.
func (b *Browser) Post(address string, form url.Values, follow ...func(*url.URL) bool) Answer {
	b.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return b.do(http.MethodPost, address, form, follow)
}

// Stop follows no redirect.
func Stop(*url.URL) bool { return false }

// Within follows redirects that stay on a site.
func Within(base string) func(*url.URL) bool {
	return func(u *url.URL) bool { return strings.HasPrefix(u.String(), base) }
}

const maxRedirects = 20

func (b *Browser) do(method, address string, form url.Values, follow []func(*url.URL) bool) Answer {
	b.t.Helper()
	for range maxRedirects {
		answer := b.once(method, address, form)
		target := b.target(answer)
		if target == nil || len(follow) > 0 && !follow[0](target) {
			return answer
		}
		method, address, form = http.MethodGet, target.String(), nil
	}
	b.t.Fatalf("more than %d redirects", maxRedirects)
	return Answer{}
}

// target is where a redirect leads; nil when the answer is none.
func (b *Browser) target(a Answer) *url.URL {
	if a.Status < 300 || a.Status > 399 || a.Header.Get("Location") == "" {
		return nil
	}
	target, err := a.URL.Parse(a.Header.Get("Location"))
	if err != nil {
		b.t.Fatal(err)
	}
	return target
}

func (b *Browser) once(method, address string, form url.Values) Answer {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header = b.Header.Clone()
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if request.Header.Get("Sec-Fetch-Site") == "" {
			request.Header.Set("Sec-Fetch-Site", "same-origin")
		}
	}
	for name, value := range b.cookies[request.URL.Hostname()] {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.keep(response)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: string(body), URL: request.URL}
}

func (b *Browser) keep(response *http.Response) {
	host := response.Request.URL.Hostname()
	if b.cookies[host] == nil {
		b.cookies[host] = map[string]string{}
	}
	for _, cookie := range response.Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies[host], cookie.Name)
			continue
		}
		b.cookies[host][cookie.Name] = cookie.Value
	}
}

// Cookie is a cookie's value, "" when the browser has none.
func (b *Browser) Cookie(host, name string) string { return b.cookies[host][name] }
