package franceconnect

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portail.example/consent"
)

// Complete checks the callback and fetches who the citizen is. The caller has
// already matched the state. It fails with SignInCancelled, SignInFailed or
// SignInUnavailable; texts sent by the provider are in none of them.
func (p *Provider) Complete(ctx context.Context, attempt consent.SignInAttempt, callback url.Values) (consent.SignIn, error) {
	known, err := p.ready(ctx)
	if err != nil {
		return consent.SignIn{}, err
	}
	if err := p.checkCallback(known, callback); err != nil {
		return consent.SignIn{}, err
	}
	tokens, err := p.exchange(ctx, known, attempt, callback.Get("code"))
	if err != nil {
		return consent.SignIn{}, err
	}
	id, err := p.verifyIDToken(ctx, known, attempt, tokens)
	if err != nil {
		return consent.SignIn{}, err
	}
	identity, err := p.userinfo(ctx, known, tokens.AccessToken, id.Subject)
	if err != nil {
		return consent.SignIn{}, err
	}
	return consent.SignIn{
		Issuer: id.Issuer, Subject: id.Subject, Identity: identity, ACR: id.ACR, AuthTime: id.AuthTime, IDToken: tokens.Extra("id_token").(string),
	}, nil
}

// checkCallback believes nothing before `iss` is the right one (RFC 9207).
func (p *Provider) checkCallback(known *endpoints, callback url.Values) error {
	iss := callback["iss"]
	if len(iss) > 1 || (len(iss) == 1 && iss[0] != p.cfg.Issuer) || (len(iss) == 0 && known.sendsIss) {
		return failed("iss", "not the issuer that was asked")
	}
	if callback.Has("error") {
		return callbackError(callback.Get("error"))
	}
	if len(callback["code"]) != 1 || callback.Get("code") == "" {
		return failed("code", "missing, or given more than once")
	}
	return nil
}

// callbackError sorts what FranceConnect sends back without a code. Only names
// known here are repeated.
func callbackError(name string) error {
	switch name {
	case "access_denied":
		return consent.Refuse(consent.SignInCancelled, "", "the citizen came back without identifying")
	case "temporarily_unavailable":
		return consent.Refuse(consent.SignInUnavailable, "", "%s", name)
	case "server_error": // the way back from FranceConnect's own error pages
		return failed("error", "FranceConnect could not identify the citizen")
	case "invalid_scope", "invalid_request", "invalid_acr", "invalid_idp_hint", "unsupported_response_type", "unauthorized_client", "login_required":
		return failed("error", name)
	}
	return failed("error", "an unknown error")
}

func failed(field, detail string) error {
	return consent.Refuse(consent.SignInFailed, field, "%s", detail)
}

func (p *Provider) exchange(ctx context.Context, known *endpoints, attempt consent.SignInAttempt, code string) (*oauth2.Token, error) {
	var options []oauth2.AuthCodeOption
	if attempt.CodeVerifier != "" {
		options = append(options, oauth2.VerifierOption(attempt.CodeVerifier))
	}
	tokens, err := known.oauth.Exchange(oidc.ClientContext(ctx, p.client), code, options...)
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < 500:
		return nil, failed("code", fmt.Sprintf("the token endpoint answered %d", refused.Response.StatusCode))
	case errors.As(err, &refused):
		return nil, consent.Refuse(consent.SignInUnavailable, "", "the token endpoint answered %d", refused.Response.StatusCode)
	case err != nil:
		return nil, &consent.Error{Code: consent.SignInUnavailable, Detail: "the token endpoint gave no usable answer", Err: err}
	}
	if _, ok := tokens.Extra("id_token").(string); !ok || tokens.AccessToken == "" {
		return nil, failed("id_token", "missing")
	}
	return tokens, nil
}
