package openid

import (
	"context"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"portail.example/consent"
)

// maxSubject is OpenID Connect Core's bound on sub.
const maxSubject = 255

// verifyIDToken adds to go-oidc's checks (signature, alg, iss, aud, exp) those it
// leaves out: typ, iat, nonce, azp, sub, at_hash when there is one.
func (p *Party) verifyIDToken(ctx context.Context, known *endpoints, attempt Attempt, tokens *oauth2.Token) (Answer, error) {
	raw := tokens.Extra("id_token").(string)
	verified, err := p.verify(ctx, known, "id_token", raw)
	if err != nil {
		return Answer{}, err
	}
	var more struct {
		ACR      string `json:"acr"`
		AZP      string `json:"azp"`
		AuthTime int64  `json:"auth_time"`
	}
	switch err := verified.Claims(&more); {
	case err != nil:
		return Answer{}, Failed("id_token", "claims of the wrong type")
	case attempt.Nonce == "" || verified.Nonce != attempt.Nonce:
		return Answer{}, Failed("nonce", "not that of this sign-in")
	case len(verified.Audience) > 1 || (more.AZP != "" && more.AZP != p.cfg.ClientID):
		return Answer{}, Failed("azp", "issued to another client")
	case verified.AccessTokenHash != "" && verified.VerifyAccessToken(tokens.AccessToken) != nil:
		return Answer{}, Failed("at_hash", "of another access token")
	}
	out := Answer{Issuer: verified.Issuer, Subject: verified.Subject, ACR: more.ACR, IDToken: raw}
	if more.AuthTime > 0 {
		out.AuthTime = time.Unix(more.AuthTime, 0).UTC()
	}
	return out, nil
}

// verify is what ID token and userinfo have in common: both are signed by the issuer
// for this client, live a minute or more, and name a subject.
func (p *Party) verify(ctx context.Context, known *endpoints, what, raw string) (*oidc.IDToken, error) {
	var outage error
	verified, err := known.verifier.Verify(noteOutage(ctx, &outage), raw)
	switch {
	case outage != nil:
		return nil, &consent.Error{Code: consent.SignInUnavailable, Detail: "the keys could not be fetched", Err: outage}
	case err != nil:
		return nil, &consent.Error{Code: consent.SignInFailed, Field: what, Err: err}
	case !plainJWT(raw, p.cfg.SigningAlg):
		return nil, Failed(what, "a token of another kind")
	case verified.IssuedAt.IsZero() || verified.IssuedAt.Unix() == 0 || verified.IssuedAt.After(p.cfg.Now().Add(leeway)):
		return nil, Failed(what, "iat is missing or in the future")
	case verified.Subject == "" || len(verified.Subject) > maxSubject:
		return nil, Failed(what, "sub is missing or too long")
	}
	return verified, nil
}

// plainJWT refuses tokens typed for something else (logout, access): the issuer
// signs those with the same key. FranceConnect sends no typ at all.
func plainJWT(raw, alg string) bool {
	parsed, err := jose.ParseSigned(raw, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil || len(parsed.Signatures) != 1 {
		return false
	}
	typ, present := parsed.Signatures[0].Header.ExtraHeaders[jose.HeaderType]
	text, isText := typ.(string)
	return !present || (isText && strings.EqualFold(text, "JWT"))
}
