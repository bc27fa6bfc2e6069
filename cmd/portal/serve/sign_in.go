package serve

import (
	"fmt"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/internal/franceconnect"
	"portail.example/internal/openid"
	"portail.example/internal/proconnect"
	"portail.example/portal"
	"portail.example/portal/citizen"
	"portail.example/portal/dpo"
	"portail.example/portal/web"
)

// of completes a relying party with the endpoints that were given.
func (e Endpoints) of(cfg openid.Config) openid.Config {
	cfg.AuthorizationEndpoint, cfg.TokenEndpoint, cfg.UserinfoEndpoint = e.AuthorizationEndpoint, e.TokenEndpoint, e.UserinfoEndpoint
	cfg.JWKSURI, cfg.EndSessionEndpoint = e.JWKSURI, e.EndSessionEndpoint
	return cfg
}

func (w wiring) citizen(site *web.Site) (*citizen.Room, error) {
	fc := w.cfg.FranceConnect
	provider, err := franceconnect.New(franceconnect.Config{ACR: fc.ACR, PKCE: fc.PKCE, Config: fc.Endpoints.of(openid.Config{
		Issuer: fc.Issuer, ClientID: fc.ClientID, ClientSecret: fc.ClientSecret.Value(), Scopes: fc.Scopes, SigningAlg: fc.SigningAlg,
		RedirectURI: w.cfg.URL + "/franceconnect/callback", PostLogoutRedirectURI: w.cfg.URL + "/signed-out", Now: w.now,
	})})
	if err != nil {
		return nil, fmt.Errorf("FRANCECONNECT: %w", err)
	}
	var live citizen.LiveSource
	if len(fc.Data) > 0 {
		live = w.source
	}
	return citizen.New(citizen.Config{
		Service: w.service, Site: site, FranceConnect: provider, Attempts: w.db, Receipts: w.key, Proofs: w.db, Notices: w.cfg.SMTP.Value() != "", Operator: citizen.Operator(w.cfg.Operator), Issuer: w.cfg.URL, Now: w.now,
		Source: w.source, Live: live, LiveScopes: fc.Data, OwnSIRET: consent.SIRET(w.cfg.APIParticulier.OwnSIRET),
	}), nil
}

// agents is the agents' pages; none when ProConnect is not configured.
func (w wiring) agents(site *web.Site) ([]portal.Room, error) {
	pc := w.cfg.ProConnect
	if pc.Issuer == "" {
		w.logger.Info("PROCONNECT_ISSUER is not set: there are no pages for data protection officers and other agents")
		return nil, nil
	}
	provider, err := proconnect.New(pc.Endpoints.of(openid.Config{
		Issuer: pc.Issuer, ClientID: pc.ClientID, ClientSecret: pc.ClientSecret.Value(), Scopes: pc.Scopes, SigningAlg: pc.SigningAlg,
		RedirectURI: w.cfg.URL + "/dpo/callback", PostLogoutRedirectURI: w.cfg.URL + "/dpo/signed-out", Now: w.now,
	}))
	if err != nil {
		return nil, fmt.Errorf("PROCONNECT: %w", err)
	}
	operator := export.Operator{Name: w.cfg.Operator.Name, Address: w.cfg.Operator.Address, DPO: w.cfg.Operator.DPO}
	return []portal.Room{dpo.New(dpo.Config{Service: w.service, Site: site, ProConnect: provider, Sessions: w.db, Evidence: w.inspector(), Operator: operator, Now: w.now})}, nil
}
