package openid

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"portail.example/consent"
)

// Answer is what a completed sign-in proved. Its level is the caller's to judge.
type Answer struct {
	Issuer, Subject, ACR string
	AuthTime             time.Time
	IDToken              string // as it came, for the end-session hint
	Live                 consent.LiveToken
	userinfo             *oidc.IDToken
}

// Claims reads the userinfo. It fails with SignInFailed when a claim has another type.
func (a Answer) Claims(into any) error {
	if a.userinfo.Claims(into) != nil {
		return Failed("userinfo", "claims of the wrong type")
	}
	return nil
}

// Complete checks the callback and fetches the userinfo. The caller has already matched
// the state; refusal sorts what the provider sends back without a code. It fails with
// SignInFailed, SignInUnavailable or like refusal; texts sent by the provider are in
// none of them.
func (p *Party) Complete(ctx context.Context, attempt Attempt, callback url.Values, refusal func(url.Values) error) (Answer, error) {
	known, err := p.ready(ctx)
	if err != nil {
		return Answer{}, err
	}
	if err := p.checkCallback(known, callback, refusal); err != nil {
		return Answer{}, err
	}
	tokens, err := p.exchange(ctx, known, attempt, callback.Get("code"))
	if err != nil {
		return Answer{}, err
	}
	answer, err := p.verifyIDToken(ctx, known, attempt, tokens)
	if err != nil {
		return Answer{}, err
	}
	if answer.userinfo, err = p.fetchUserinfo(ctx, known, tokens.AccessToken, answer.Subject); err != nil {
		return Answer{}, err
	}
	answer.Live = p.live(tokens)
	return answer, nil
}

// live is the access token, which the userinfo just proved to be this person's. Without
// scope it opens nothing: what was granted is not guessed.
func (p *Party) live(tokens *oauth2.Token) consent.LiveToken {
	scope, _ := tokens.Extra("scope").(string)
	return consent.NewLiveToken(tokens.AccessToken, scope, time.Duration(tokens.ExpiresIn)*time.Second, p.cfg.Now())
}

// checkCallback believes nothing before `iss` is the right one (RFC 9207).
func (p *Party) checkCallback(known *endpoints, callback url.Values, refusal func(url.Values) error) error {
	iss := callback["iss"]
	if len(iss) > 1 || (len(iss) == 1 && iss[0] != p.cfg.Issuer) || (len(iss) == 0 && known.sendsIss) {
		return Failed("iss", "not the issuer that was asked")
	}
	if callback.Has("error") {
		return refusal(callback)
	}
	if len(callback["code"]) != 1 || callback.Get("code") == "" {
		return Failed("code", "missing, or given more than once")
	}
	return nil
}

// Failed is an answer that cannot be trusted, or used.
func Failed(field, detail string) error {
	return consent.Refuse(consent.SignInFailed, field, "%s", detail)
}

func (p *Party) exchange(ctx context.Context, known *endpoints, attempt Attempt, code string) (*oauth2.Token, error) {
	var options []oauth2.AuthCodeOption
	if attempt.CodeVerifier != "" {
		options = append(options, oauth2.VerifierOption(attempt.CodeVerifier))
	}
	tokens, err := known.oauth.Exchange(oidc.ClientContext(ctx, p.client), code, options...)
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < 500:
		return nil, Failed("code", fmt.Sprintf("the token endpoint answered %d", refused.Response.StatusCode))
	case errors.As(err, &refused):
		return nil, consent.Refuse(consent.SignInUnavailable, "", "the token endpoint answered %d", refused.Response.StatusCode)
	case err != nil:
		return nil, &consent.Error{Code: consent.SignInUnavailable, Detail: "the token endpoint gave no usable answer", Err: err}
	}
	if _, ok := tokens.Extra("id_token").(string); !ok || tokens.AccessToken == "" {
		return nil, Failed("id_token", "missing")
	}
	return tokens, nil
}
