// Package proconnect signs agents in with ProConnect, or any OpenID provider configured
// like it. Package openid does what every provider asks; this one asks for two factors
// and knows ProConnect's refusals and claims.
package proconnect

import (
	"context"
	"encoding/json"
	"net/url"

	"portail.example/consent"
	"portail.example/internal/openid"
)

// Provider signs agents in. It is safe for concurrent use.
type Provider struct{ party *openid.Party }

// New checks the configuration; it calls nobody.
func New(cfg openid.Config) (*Provider, error) {
	party, err := openid.New(cfg)
	return &Provider{party}, err
}

// Begin starts a sign-in, with PKCE. It fails with SignInUnavailable.
func (p *Provider) Begin(ctx context.Context) (consent.AgentAttempt, string, error) {
	begun, address, err := p.party.Begin(ctx, true, url.Values{"claims": {twoFactors()}})
	return consent.AgentAttempt{State: begun.State, Nonce: begun.Nonce, CodeVerifier: begun.CodeVerifier}, address, err
}

// twoFactors demands a level (OpenID Connect Core section 5.5.1.1): acr_values would
// only wish for it, and is not to be combined with this.
func twoFactors() string {
	demand := map[string]any{"id_token": map[string]any{"acr": map[string]any{"essential": true, "values": consent.TwoFactorLevels()}}}
	raw, _ := json.Marshal(demand) // strings do not fail
	return string(raw)
}

// EndSessionURL is where the browser ends ProConnect's session, which would otherwise
// sign the same person in again for the same authority. It fails with
// SignInUnavailable when the provider has no such address.
func (p *Provider) EndSessionURL(ctx context.Context, idToken, state string) (string, error) {
	return p.party.EndSessionURL(ctx, idToken, state)
}

// Complete checks the callback and fetches who the agent is. The caller has already
// matched the state. It fails with SignInCancelled, SignInFailed, SignInUnavailable or
// SingleFactor; texts sent by the provider are in none of them.
func (p *Provider) Complete(ctx context.Context, attempt consent.AgentAttempt, callback url.Values) (consent.AgentSignIn, error) {
	begun := openid.Attempt{State: attempt.State, Nonce: attempt.Nonce, CodeVerifier: attempt.CodeVerifier}
	answer, err := p.party.Complete(ctx, begun, callback, refusal)
	if err != nil {
		return consent.AgentSignIn{}, err
	}
	if !consent.TwoFactors(answer.ACR) {
		return consent.AgentSignIn{}, consent.Refuse(consent.SingleFactor, "acr", "below what was asked")
	}
	return signInOf(answer)
}

// unmetLevel is how ProConnect says that two factors were not shown; the code alone
// would be that of somebody who gave up.
const unmetLevel = "requested ACRs could not be satisfied"

// refusal sorts what ProConnect sends back without a code. Only names known here are
// repeated.
func refusal(callback url.Values) error {
	switch name := callback.Get("error"); {
	case name == "access_denied" && callback.Get("error_description") == unmetLevel:
		return consent.Refuse(consent.SingleFactor, "acr", "the account has one factor")
	case name == "access_denied":
		return consent.Refuse(consent.SignInCancelled, "", "the agent came back without identifying")
	case name == "temporarily_unavailable":
		return consent.Refuse(consent.SignInUnavailable, "", "%s", name)
	case name == "server_error", name == "invalid_scope", name == "invalid_request", name == "login_required", name == "unauthorized_client":
		return openid.Failed("error", name)
	}
	return openid.Failed("error", "an unknown error")
}
