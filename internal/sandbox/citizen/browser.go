package citizen

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// browser reads pages of the portal and of the FranceConnect stand-in, and stops
// where a redirect leads elsewhere.
type browser struct {
	client *http.Client
	home   []string // origins it visits
}

func newBrowser(home ...string) *browser {
	b := &browser{home: home}
	b.client = &http.Client{Timeout: 20 * time.Second, Jar: jar{}, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if !b.visits(r.URL) || len(via) > 10 {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return b
}

func (b *browser) visits(u *url.URL) bool {
	for _, origin := range b.home {
		if u.Scheme+"://"+u.Host == origin {
			return true
		}
	}
	return false
}

// page is an answer: where it led out, or what is on it.
type page struct {
	url   *url.URL
	leads string // a redirect that leads elsewhere
	links []string
	forms []form
}

type form struct {
	action string
	fields url.Values // hidden ones
	boxes  []string   // values of the check boxes of data
}

func (b *browser) get(ctx context.Context, address string) (page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{}, err
	}
	return b.load(request)
}

func (b *browser) post(ctx context.Context, address string, fields url.Values) (page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.load(request)
}

func (b *browser) load(request *http.Request) (page, error) {
	response, err := b.client.Do(request)
	if err != nil {
		return page{}, err
	}
	defer response.Body.Close()
	out := page{url: response.Request.URL}
	if target := response.Header.Get("Location"); target != "" {
		out.leads = target
		return out, nil
	}
	if response.StatusCode != http.StatusOK {
		return out, fmt.Errorf("%s answered %d", out.url.Path, response.StatusCode)
	}
	root, err := html.Parse(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return out, err
	}
	out.read(root)
	return out, nil
}

// read collects links and forms.
func (p *page) read(root *html.Node) {
	for n := range root.Descendants() {
		switch n.Data {
		case "a":
			p.links = append(p.links, p.resolve(attr(n, "href")))
		case "form":
			p.forms = append(p.forms, form{action: p.resolve(attr(n, "action")), fields: url.Values{}})
		case "input":
			p.field(n)
		}
	}
}

func (p *page) field(n *html.Node) {
	if len(p.forms) == 0 {
		return
	}
	f := &p.forms[len(p.forms)-1]
	switch attr(n, "type") {
	case "hidden":
		f.fields.Add(attr(n, "name"), attr(n, "value"))
	case "checkbox":
		if attr(n, "name") == "datatypes" {
			f.boxes = append(f.boxes, attr(n, "value"))
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (p *page) resolve(target string) string {
	u, err := p.url.Parse(target)
	if err != nil {
		return ""
	}
	return u.String()
}

// link is the first one that contains part, or "".
func (p *page) link(part string) string {
	for _, link := range p.links {
		if strings.Contains(link, part) {
			return link
		}
	}
	return ""
}

// form is the first one whose target contains part.
func (p *page) form(part string) (form, bool) {
	for _, f := range p.forms {
		if strings.Contains(f.action, part) {
			return f, true
		}
	}
	return form{}, false
}

// jar keeps cookies by host. The library's own sends none marked Secure over
// http, which browsers do on localhost.
type jar map[string]map[string]string

// SetCookies keeps what a server set, and forgets what it ended.
func (j jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		if j[u.Host] == nil {
			j[u.Host] = map[string]string{}
		}
		if delete(j[u.Host], c.Name); c.MaxAge >= 0 {
			j[u.Host][c.Name] = c.Value
		}
	}
}

// Cookies are those for a host.
func (j jar) Cookies(u *url.URL) (out []*http.Cookie) {
	for name, value := range j[u.Host] {
		out = append(out, &http.Cookie{Name: name, Value: value})
	}
	return out
}
