package token

import "github.com/golang-jwt/jwt/v5"

// IntrospectionType is the `typ` of a signed introspection answer (RFC 9701).
const IntrospectionType = "token-introspection+jwt"

// Introspection is RFC 7662's answer. When Active is false there is nothing else.
type Introspection struct {
	Active               bool             `json:"active"`
	TokenType            string           `json:"token_type,omitempty"`
	Issuer               string           `json:"iss,omitempty"`
	Subject              string           `json:"sub,omitempty"`
	Audience             string           `json:"aud,omitempty"`
	ClientID             string           `json:"client_id,omitempty"`
	Scope                string           `json:"scope,omitempty"`
	GrantID              string           `json:"grant_id,omitempty"`
	ID                   string           `json:"jti,omitempty"`
	IssuedAt             *jwt.NumericDate `json:"iat,omitempty"`
	ExpiresAt            *jwt.NumericDate `json:"exp,omitempty"`
	AuthTime             *jwt.NumericDate `json:"auth_time,omitempty"`
	ACR                  string           `json:"acr,omitempty"`
	AuthorizationDetails []Detail         `json:"authorization_details,omitempty"`
	Confirmation         *Confirmation    `json:"cnf,omitempty"`
	// Identity is for data providers entitled to it, in encrypted answers only.
	Identity *Identity `json:"identity,omitempty"`
}

// Identity is the identité pivot, in FranceConnect's names and INSEE's codes.
type Identity struct {
	FamilyName   string `json:"family_name"`
	GivenName    string `json:"given_name"` // all of them, separated by spaces
	Birthdate    string `json:"birthdate"`
	Gender       string `json:"gender"`
	Birthplace   string `json:"birthplace"`
	Birthcountry string `json:"birthcountry"`
}

// String keeps identities out of logs.
func (Identity) String() string { return "[identity]" }

// GoString keeps identities out of %#v.
func (Identity) GoString() string { return "[identity]" }

// Introspection is the answer about a token that is active.
func (c Claims) Introspection() Introspection {
	return Introspection{
		Active: true, TokenType: c.Confirmation.TokenType(), Issuer: c.Issuer, Subject: c.Subject, Audience: c.Audience, ClientID: c.ClientID, Scope: c.Scope,
		GrantID: c.GrantID, ID: c.ID, IssuedAt: c.IssuedAt, ExpiresAt: c.ExpiresAt, AuthTime: c.AuthTime, ACR: c.ACR,
		AuthorizationDetails: c.AuthorizationDetails, Confirmation: c.Confirmation,
	}
}

// IntrospectionClaims are those of a signed introspection answer (RFC 9701
// section 5).
type IntrospectionClaims struct {
	Issuer        string           `json:"iss"`
	Audience      string           `json:"aud"` // the client that asked
	IssuedAt      *jwt.NumericDate `json:"iat"`
	Introspection Introspection    `json:"token_introspection"`
}
