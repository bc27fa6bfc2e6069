package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// The peer's endpoints.
const (
	peerPush       = "/request"
	peerToken      = "/token"
	peerIntrospect = "/token/introspection"
	// jwtResource makes its access tokens ES256 JWTs, which it does not store;
	// without it they are opaque, and can be introspected.
	jwtResource = "https://data.example"
)

// Peer is npm oidc-provider on the same PostgreSQL, with as many connections.
func (w *world) Peer(options string) (*process, error) {
	config := w.Pool.Config().ConnConfig
	return startPeer("authorization_server.mjs", map[string]any{
		"database": map[string]any{"host": config.Host, "database": config.Database, "user": config.User, "options": options}, "pool": 16,
		"client_id": clientID, "client_secret": w.Secret, "redirect_uri": callback,
	})
}

// guest is the peer's party: one administration, one citizen.
type guest struct {
	base  string
	name  string
	admin administration
	b     *browser
}

func (w *world) guest(base string, n int) (*guest, error) {
	admin, err := newAdministration(base, clientID, w.Secret)
	if err != nil {
		return nil, err
	}
	g := &guest{base: base, name: citizen(n), admin: admin, b: newBrowser()}
	_, err = g.journey(jwtResource) // signs in: later journeys find the session
	return g, err
}

// journey is what party.journey is: push, authorize, the question, the answer, the
// way back, the token. With a resource the token is a JWT.
func (g *guest) journey(resource string) (tokens, error) {
	asked := url.Values{"scope": {"openid offline_access quotient_familial"}}
	redeemed := url.Values{}
	if resource != "" {
		asked.Set("resource", resource)
		redeemed.Set("resource", resource)
	}
	uri, err := g.admin.push(peerPush, asked)
	if err != nil {
		return tokens{}, err
	}
	next, err := g.b.redirect(http.MethodGet, g.base+"/auth?"+url.Values{"client_id": {clientID}, "request_uri": {uri}}.Encode(), nil)
	for questions := 0; err == nil && !strings.HasPrefix(next, callback); questions++ {
		if questions == 2 { // who are you, do you allow it
			return tokens{}, fmt.Errorf("the peer asks again: %s", next)
		}
		next, err = g.answer(next)
	}
	if err != nil {
		return tokens{}, err
	}
	code, err := codeOf(next)
	if err != nil {
		return tokens{}, err
	}
	return g.admin.redeem(peerToken, code, redeemed)
}

// answer reads the peer's page, says yes, and lets the peer resume.
func (g *guest) answer(interaction string) (string, error) {
	got, err := g.b.get(interaction)
	if _, err := expect(got, err, http.StatusOK); err != nil {
		return "", err
	}
	resume, err := g.b.redirect(http.MethodPost, interaction+"?account="+g.name, nil)
	if err != nil {
		return "", err
	}
	return g.b.redirect(http.MethodGet, resume, nil)
}
