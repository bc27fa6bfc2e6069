package franceconnect

import (
	"context"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"portail.example/consent"
)

// idToken is what is used of an ID token, once trusted.
type idToken struct {
	Issuer, Subject, ACR string
	AuthTime             time.Time
}

// maxSubject is OpenID Connect Core's bound on sub.
const maxSubject = 255

// verifyIDToken adds to go-oidc's checks (signature, alg, iss, aud, exp) those it
// leaves out: typ, iat, nonce, azp, acr, sub, at_hash when there is one.
func (p *Provider) verifyIDToken(ctx context.Context, known *endpoints, attempt consent.SignInAttempt, tokens *oauth2.Token) (idToken, error) {
	verified, err := p.verify(ctx, known, "id_token", tokens.Extra("id_token").(string))
	if err != nil {
		return idToken{}, err
	}
	var more struct {
		ACR      string `json:"acr"`
		AZP      string `json:"azp"`
		AuthTime int64  `json:"auth_time"`
	}
	switch err := verified.Claims(&more); {
	case err != nil:
		return idToken{}, failed("id_token", "claims of the wrong type")
	case attempt.Nonce == "" || verified.Nonce != attempt.Nonce:
		return idToken{}, failed("nonce", "not that of this sign-in")
	case len(verified.Audience) > 1 || (more.AZP != "" && more.AZP != p.cfg.ClientID):
		return idToken{}, failed("azp", "issued to another client")
	case !reaches(more.ACR, p.cfg.ACR):
		return idToken{}, failed("acr", "below the level asked")
	case verified.AccessTokenHash != "" && verified.VerifyAccessToken(tokens.AccessToken) != nil:
		return idToken{}, failed("at_hash", "of another access token")
	}
	out := idToken{Issuer: verified.Issuer, Subject: verified.Subject, ACR: more.ACR}
	if more.AuthTime > 0 {
		out.AuthTime = time.Unix(more.AuthTime, 0).UTC()
	}
	return out, nil
}

// verify is what ID token and userinfo have in common: both are signed by the
// issuer for this client, live a minute, and name a subject.
func (p *Provider) verify(ctx context.Context, known *endpoints, what, raw string) (*oidc.IDToken, error) {
	var outage error
	verified, err := known.verifier.Verify(noteOutage(ctx, &outage), raw)
	switch {
	case outage != nil:
		return nil, &consent.Error{Code: consent.SignInUnavailable, Detail: "the keys could not be fetched", Err: outage}
	case err != nil:
		return nil, &consent.Error{Code: consent.SignInFailed, Field: what, Err: err}
	case !plainJWT(raw, p.cfg.SigningAlg):
		return nil, failed(what, "a token of another kind")
	case verified.IssuedAt.IsZero() || verified.IssuedAt.Unix() == 0 || verified.IssuedAt.After(p.cfg.Now().Add(leeway)):
		return nil, failed(what, "iat is missing or in the future")
	case verified.Subject == "" || len(verified.Subject) > maxSubject:
		return nil, failed(what, "sub is missing or too long")
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

// reaches compares FranceConnect's levels; any other word must be the very one.
func reaches(got, asked string) bool {
	levels := map[string]int{"eidas1": 1, "eidas2": 2, "eidas3": 3}
	if levels[got] == 0 || levels[asked] == 0 {
		return got == asked
	}
	return levels[got] >= levels[asked]
}
