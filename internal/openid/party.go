// Package openid is a relying party as FranceConnect and ProConnect demand it. go-oidc
// does the protocol; this package adds what it leaves to its callers: nonce, azp, iat,
// typ, `iss` of the callback (RFC 9207), a userinfo answer that is signed and bound to
// the ID token, discovery that may fail at start, and a bound on how often keys are
// fetched.
package openid

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portail.example/consent"
)

// leeway forgives clock differences: FranceConnect's tokens live 60 seconds.
const leeway = 30 * time.Second

// Config of a Party. Endpoints are discovered unless all are given.
type Config struct {
	Issuer, ClientID, ClientSecret     string
	RedirectURI, PostLogoutRedirectURI string
	Scopes                             []string
	SigningAlg                         string // ES256 or RS256, as registered

	AuthorizationEndpoint, TokenEndpoint, UserinfoEndpoint, JWKSURI, EndSessionEndpoint string

	HTTPClient *http.Client // ten seconds and no redirect when nil
	Now        func() time.Time
}

// Party signs people in at one provider. It is safe for concurrent use.
type Party struct {
	cfg    Config
	client *http.Client

	known atomic.Pointer[endpoints]
}

// endpoints is what discovery, or the configuration, tells.
type endpoints struct {
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	userinfo   string
	endSession string
	sendsIss   bool // authorization_response_iss_parameter_supported, RFC 9207
}

// New checks the configuration; it calls nobody.
func New(cfg Config) (*Party, error) {
	if cfg.Issuer == "" || cfg.ClientID == "" || cfg.ClientSecret == "" || cfg.RedirectURI == "" {
		return nil, errors.New("openid: issuer, client id, client secret and redirect address are required")
	}
	if cfg.SigningAlg != "ES256" && cfg.SigningAlg != "RS256" {
		return nil, errors.New("openid: the signing algorithm is ES256 or RS256")
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{Timeout: 10 * time.Second}
	}
	client := *cfg.HTTPClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Party{cfg: cfg, client: &client}, nil
}

// ready is the endpoints, discovered at first need, so that the portal starts while
// the provider is down. Nobody waits for anybody else's attempt: while the provider
// hangs, each caller gives up after its own ten seconds. It fails with
// SignInUnavailable.
func (p *Party) ready(ctx context.Context) (*endpoints, error) {
	if known := p.known.Load(); known != nil {
		return known, nil
	}
	found, err := p.discover(oidc.ClientContext(ctx, p.client))
	if err != nil {
		return nil, &consent.Error{Code: consent.SignInUnavailable, Detail: "discovery failed", Err: err}
	}
	p.known.CompareAndSwap(nil, found) // one key set for all
	return p.known.Load(), nil
}

func (p *Party) discover(ctx context.Context) (*endpoints, error) {
	if p.cfg.AuthorizationEndpoint != "" {
		return p.configured(), nil
	}
	provider, err := oidc.NewProvider(ctx, p.cfg.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		JWKSURI    string `json:"jwks_uri"`
		EndSession string `json:"end_session_endpoint"`
		SendsIss   bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, err
	}
	return p.endpoints(provider.Endpoint(), provider.UserInfoEndpoint(), more.JWKSURI, more.EndSession, more.SendsIss), nil
}

func (p *Party) configured() *endpoints {
	endpoint := oauth2.Endpoint{AuthURL: p.cfg.AuthorizationEndpoint, TokenURL: p.cfg.TokenEndpoint}
	return p.endpoints(endpoint, p.cfg.UserinfoEndpoint, p.cfg.JWKSURI, p.cfg.EndSessionEndpoint, false)
}

// endpoints wires go-oidc: one algorithm, a bounded key set, the secret in the body
// (FranceConnect does not know HTTP Basic).
func (p *Party) endpoints(endpoint oauth2.Endpoint, userinfo, jwks, endSession string, sendsIss bool) *endpoints {
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	keys := keySet{oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), sparing(p.client, p.cfg.Now)), jwks)}
	return &endpoints{
		oauth: oauth2.Config{ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: endpoint, RedirectURL: p.cfg.RedirectURI, Scopes: p.cfg.Scopes},
		verifier: oidc.NewVerifier(p.cfg.Issuer, keys, &oidc.Config{
			ClientID: p.cfg.ClientID, SupportedSigningAlgs: []string{p.cfg.SigningAlg}, Now: func() time.Time { return p.cfg.Now().Add(-leeway) },
		}),
		userinfo: userinfo, endSession: endSession, sendsIss: sendsIss,
	}
}
