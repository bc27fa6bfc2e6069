package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"portail.example/consent"
	fcstub "portail.example/internal/sandbox/franceconnect"
)

// The portal's endpoints.
const (
	portalPush       = "/oauth/par"
	portalToken      = "/oauth/token"
	portalIntrospect = "/oauth/introspect"
)

// party is one administration with one citizen at one process of the portal, and
// what it asks of them.
type party struct {
	base  string
	admin administration
	b     *browser
	asked consent.Details
}

// asked are eight requests of which none covers another: a consent replaces
// the smaller one it covers, and callers must not end each other's.
func asked(n int) consent.Details {
	purposes := []string{"tarification-cantine", "tarification-activites-municipales"}
	groups := consent.QuotientFamilial.Groups
	return consent.Details{
		Type: consent.QuotientFamilial.Type, Groups: groups[n%len(groups):][:1], Purpose: purposes[n/len(groups)%len(purposes)],
		Recipient: clientSIRET, Access: consent.Continuous,
	}
}

// citizens is how many the stand-in lets in.
const citizens = 13

// party n of a process. The citizen signed in through FranceConnect before; each
// party has a consent of its own, so that callers do not wait for each other's
// rows.
func (w *world) party(base string, n int) (*party, error) {
	b := newBrowser()
	if err := w.signIn(b, n); err != nil {
		return nil, err
	}
	admin, err := newAdministration(base, clientID, w.Secret)
	return &party{base: base, admin: admin, b: b, asked: asked(n / citizens)}, err
}

// signIn goes through the pages of the stand-in.
func (w *world) signIn(b *browser, n int) error {
	address, err := b.redirect(http.MethodGet, w.URL+"/sign-in", nil)
	if err != nil {
		return err
	}
	list, err := b.get(address)
	if err != nil {
		return err
	}
	link, err := between(list.Body, "/interaction/", "/choose")
	if err != nil {
		return err
	}
	base, _, _ := strings.Cut(address, "/authorize")
	if _, err := b.redirect(http.MethodGet, base+"/interaction/"+link+"/choose?citizen="+citizen(n), nil); err != nil {
		return err
	}
	back, err := b.redirect(http.MethodGet, base+"/interaction/"+link+"/confirm", nil)
	if err != nil {
		return err
	}
	home, err := b.redirect(http.MethodGet, back, nil)
	if err == nil && !strings.HasSuffix(home, "/home") {
		err = fmt.Errorf("the sign-in led to %s", home)
	}
	return err
}

func citizen(n int) string {
	var keys []string
	for _, c := range fcstub.Citizens() {
		if !c.Refused {
			keys = append(keys, c.Key)
		}
	}
	return keys[n%citizens]
}

// journey is the whole of it: push, authorize, the question, the answer, the page
// that confirms it, the way back, the token.
func (p *party) journey() (tokens, error) {
	request, err := p.allow()
	if err != nil {
		return tokens{}, err
	}
	return p.another(request)
}

// another is one more token of a consent.
func (p *party) another(request string) (tokens, error) {
	code, err := p.code(request)
	if err != nil {
		return tokens{}, err
	}
	return p.admin.redeem(portalToken, code, nil)
}

// allow gives a consent and returns the address of its request.
func (p *party) allow() (string, error) {
	details, err := json.Marshal([]consent.Details{p.asked})
	if err != nil {
		return "", err
	}
	uri, err := p.admin.push(portalPush, url.Values{"authorization_details": {string(details)}})
	if err != nil {
		return "", err
	}
	request, err := p.b.redirect(http.MethodGet, p.base+"/oauth/authorize?"+url.Values{"client_id": {clientID}, "request_uri": {uri}}.Encode(), nil)
	if err != nil {
		return "", err
	}
	page, err := p.page(request)
	if err != nil {
		return "", err
	}
	shown, err := between(page.Body, `name="shown" value="`, `"`)
	if err != nil {
		return "", err
	}
	form := url.Values{"shown": {shown}, "decision": {"allow"}, "datatypes": {string(p.asked.Groups[0])}}
	done, err := p.b.redirect(http.MethodPost, request+"/decision", form)
	if err != nil {
		return "", err
	}
	_, err = p.page(done)
	return request, err
}

func (p *party) page(address string) (answer, error) {
	got, err := p.b.get(address)
	return expect(got, err, http.StatusOK)
}

// code goes back to the administration with a fresh code.
func (p *party) code(request string) (string, error) {
	back, err := p.b.redirect(http.MethodGet, request+"/return", nil)
	if err != nil {
		return "", err
	}
	return codeOf(back)
}

// codeOf reads the answer that a browser brings to the administration.
func codeOf(back string) (string, error) {
	u, err := url.Parse(back)
	if err != nil {
		return "", err
	}
	if code := u.Query().Get("code"); code != "" && strings.HasPrefix(back, callback) {
		return code, nil
	}
	return "", fmt.Errorf("no code in %s", back)
}

func (p *party) withdraw(grantID string) error {
	_, err := p.b.redirect(http.MethodPost, p.base+"/consents/"+grantID+"/withdraw", nil)
	return err
}
