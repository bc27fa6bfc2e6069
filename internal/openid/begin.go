package openid

import (
	"context"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portail.example/consent"
)

// Attempt is what must come back unchanged.
type Attempt struct {
	State, Nonce string
	CodeVerifier string // empty without PKCE
}

// Begin starts a sign-in: the attempt, and where the browser goes. more are parameters
// of the provider's own. It fails with SignInUnavailable.
func (p *Party) Begin(ctx context.Context, pkce bool, more url.Values) (Attempt, string, error) {
	known, err := p.ready(ctx)
	if err != nil {
		return Attempt{}, "", err
	}
	attempt := Attempt{State: secret(), Nonce: secret()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(attempt.Nonce)}
	for name := range more {
		options = append(options, oauth2.SetAuthURLParam(name, more.Get(name)))
	}
	if pkce {
		attempt.CodeVerifier = secret()
		options = append(options, oauth2.S256ChallengeOption(attempt.CodeVerifier))
	}
	return attempt, known.oauth.AuthCodeURL(attempt.State, options...), nil
}

// secret has 43 characters: over every minimum that the providers' pages name.
func secret() string {
	s, _ := consent.NewSecret()
	return s
}

// EndSessionURL is where the browser ends the provider's session; without an ID token
// it names the client instead. It fails with SignInUnavailable when the provider has no
// such address.
func (p *Party) EndSessionURL(ctx context.Context, idToken, state string) (string, error) {
	known, err := p.ready(ctx)
	if err != nil {
		return "", err
	}
	address, err := url.Parse(known.endSession)
	if err != nil || known.endSession == "" {
		return "", consent.Refuse(consent.SignInUnavailable, "", "no end-session endpoint")
	}
	query := address.Query()
	if idToken != "" {
		query.Set("id_token_hint", idToken)
	} else {
		query.Set("client_id", p.cfg.ClientID)
	}
	query.Set("post_logout_redirect_uri", p.cfg.PostLogoutRedirectURI)
	query.Set("state", state)
	address.RawQuery = query.Encode()
	return address.String(), nil
}
