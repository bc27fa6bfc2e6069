package token

import "github.com/golang-jwt/jwt/v5"

// ManagementClaims are those of the short token with which a client reads or
// gives up its own consents (RFC 9068; Grant Management for OAuth 2.0). It opens
// no data.
type ManagementClaims struct {
	Issuer    string           `json:"iss"`
	Subject   string           `json:"sub"` // the client itself
	Audience  string           `json:"aud"`
	ClientID  string           `json:"client_id"`
	Scope     string           `json:"scope"`
	ID        string           `json:"jti"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	ExpiresAt *jwt.NumericDate `json:"exp"`
	// Confirmation binds the token to a key its holder must prove.
	Confirmation *Confirmation `json:"cnf,omitempty"`
}
