package franceconnect

import (
	"context"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portail.example/consent"
)

// Begin starts a sign-in. FranceConnect answers a parameter it does not know
// with a dead end: nothing is sent beyond its list. It fails with
// SignInUnavailable.
func (p *Provider) Begin(ctx context.Context) (consent.SignInAttempt, string, error) {
	known, err := p.ready(ctx)
	if err != nil {
		return consent.SignInAttempt{}, "", err
	}
	attempt := consent.SignInAttempt{State: secret(), Nonce: secret()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(attempt.Nonce), oauth2.SetAuthURLParam("acr_values", p.cfg.ACR)}
	if p.cfg.PKCE {
		attempt.CodeVerifier = secret()
		options = append(options, oauth2.S256ChallengeOption(attempt.CodeVerifier))
	}
	return attempt, known.oauth.AuthCodeURL(attempt.State, options...), nil
}

// secret has 43 characters: over every minimum that FranceConnect's pages name.
func secret() string {
	s, _ := consent.NewSecret()
	return s
}

// EndSessionURL is where the browser ends FranceConnect's session. It fails with
// SignInUnavailable when the provider has no such address.
func (p *Provider) EndSessionURL(ctx context.Context, idToken, state string) (string, error) {
	known, err := p.ready(ctx)
	if err != nil {
		return "", err
	}
	address, err := url.Parse(known.endSession)
	if err != nil || known.endSession == "" {
		return "", consent.Refuse(consent.SignInUnavailable, "", "no end-session endpoint")
	}
	query := address.Query()
	query.Set("id_token_hint", idToken)
	query.Set("post_logout_redirect_uri", p.cfg.PostLogoutRedirectURI)
	query.Set("state", state)
	address.RawQuery = query.Encode()
	return address.String(), nil
}
