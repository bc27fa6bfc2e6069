// Package franceconnect signs citizens in with FranceConnect v2, or any OpenID
// provider configured like it. Package openid does what every provider asks; this one
// knows FranceConnect's levels, refusals and identity.
package franceconnect

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"portail.example/consent"
	"portail.example/internal/openid"
)

// Config of a Provider.
type Config struct {
	openid.Config
	ACR  string // asked, and the least accepted
	PKCE bool   // FranceConnect refuses it
}

// Provider signs citizens in. It is safe for concurrent use.
type Provider struct {
	cfg   Config
	party *openid.Party
}

// New checks the configuration; it calls nobody.
func New(cfg Config) (*Provider, error) {
	if cfg.ACR == "" {
		return nil, errors.New("franceconnect: the level to ask for is required")
	}
	party, err := openid.New(cfg.Config)
	return &Provider{cfg, party}, err
}

// Begin starts a sign-in, with the scopes of data providers besides those of the
// identity. FranceConnect answers a parameter it does not know with a dead end: nothing
// is sent beyond its list. It fails with SignInUnavailable.
func (p *Provider) Begin(ctx context.Context, data ...string) (consent.SignInAttempt, string, error) {
	more := url.Values{"acr_values": {p.cfg.ACR}}
	if len(data) > 0 {
		more.Set("scope", strings.Join(append(slices.Clone(p.cfg.Scopes), data...), " "))
	}
	begun, address, err := p.party.Begin(ctx, p.cfg.PKCE, more)
	return consent.SignInAttempt{State: begun.State, Nonce: begun.Nonce, CodeVerifier: begun.CodeVerifier, Data: len(data) > 0}, address, err
}

// EndSessionURL is where the browser ends FranceConnect's session. It fails with
// SignInUnavailable when the provider has no such address.
func (p *Provider) EndSessionURL(ctx context.Context, idToken, state string) (string, error) {
	return p.party.EndSessionURL(ctx, idToken, state)
}

// Complete checks the callback and fetches who the citizen is. The caller has already
// matched the state. The access token is kept if the sign-in asked for data. It fails
// with SignInCancelled, SignInFailed (which names scope when one was refused) or
// SignInUnavailable; texts sent by the provider are in none of them.
func (p *Provider) Complete(ctx context.Context, attempt consent.SignInAttempt, callback url.Values) (consent.SignIn, error) {
	begun := openid.Attempt{State: attempt.State, Nonce: attempt.Nonce, CodeVerifier: attempt.CodeVerifier}
	answer, err := p.party.Complete(ctx, begun, callback, refusal)
	if err != nil {
		return consent.SignIn{}, err
	}
	if !reaches(answer.ACR, p.cfg.ACR) {
		return consent.SignIn{}, openid.Failed("acr", "below the level asked")
	}
	identity, err := identityOf(answer)
	if err != nil {
		return consent.SignIn{}, err
	}
	in := consent.SignIn{Issuer: answer.Issuer, Subject: answer.Subject, Identity: identity, ACR: answer.ACR, AuthTime: answer.AuthTime, IDToken: answer.IDToken}
	if attempt.Data {
		in.Live = answer.Live
	}
	return in, nil
}

// refusal sorts what FranceConnect sends back without a code. Only names known here
// are repeated.
func refusal(callback url.Values) error {
	switch name := callback.Get("error"); name {
	case "access_denied":
		return consent.Refuse(consent.SignInCancelled, "", "the citizen came back without identifying")
	case "temporarily_unavailable":
		return consent.Refuse(consent.SignInUnavailable, "", "%s", name)
	case "server_error": // the way back from FranceConnect's own error pages
		return openid.Failed("error", "FranceConnect could not identify the citizen")
	case "invalid_scope":
		return openid.Failed("scope", "FranceConnect does not let us ask all of the scopes")
	case "invalid_request", "invalid_acr", "invalid_idp_hint", "unsupported_response_type", "unauthorized_client", "login_required":
		return openid.Failed("error", name)
	}
	return openid.Failed("error", "an unknown error")
}

// reaches compares FranceConnect's levels; any other word must be the very one.
func reaches(got, asked string) bool {
	levels := map[string]int{"eidas1": 1, "eidas2": 2, "eidas3": 3}
	if levels[got] == 0 || levels[asked] == 0 {
		return got == asked
	}
	return levels[got] >= levels[asked]
}
