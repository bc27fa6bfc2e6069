package token

import (
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

// Type is the `typ` of a consent token (RFC 9068 section 2.1).
const Type = "at+jwt"

// Algorithm is the one algorithm of consent tokens, status lists and DPoP proofs
// (RFC 7518 section 3.4).
const Algorithm = "ES256"

// Claims are those of a consent token. None of them names the citizen.
type Claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"` // pairwise: differs for each administration
	Audience string `json:"aud"`
	ClientID string `json:"client_id"`
	Scope    string `json:"scope"`
	GrantID  string `json:"grant_id"` // the consent
	ID       string `json:"jti"`

	IssuedAt  *jwt.NumericDate `json:"iat"`
	ExpiresAt *jwt.NumericDate `json:"exp"`
	// NotBefore is not minted by the portal; it is honoured when present.
	NotBefore *jwt.NumericDate `json:"nbf,omitempty"`
	AuthTime  *jwt.NumericDate `json:"auth_time,omitempty"` // of the sign-in behind the consent
	ACR       string           `json:"acr,omitempty"`

	AuthorizationDetails []Detail      `json:"authorization_details"`
	Status               *Status       `json:"status,omitempty"`
	Confirmation         *Confirmation `json:"cnf,omitempty"`
}

// Detail is what was granted (RFC 9396).
type Detail struct {
	Type      string   `json:"type"`
	Locations []string `json:"locations,omitempty"`
	Datatypes []string `json:"datatypes"`
	Purpose   string   `json:"purpose"`
	Recipient string   `json:"recipient"` // SIRET
	Access    string   `json:"access"`    // once or continuous
	ExpiresAt string   `json:"expires_at,omitempty"`
	// Watch lets the portal tell the recipient each month whether the value changed.
	Watch bool `json:"watch,omitempty"`
}

// Status points at the token's place in a status list.
type Status struct {
	List StatusList `json:"status_list"`
}

// StatusList is the status_list member of the Token Status List draft.
type StatusList struct {
	Index int    `json:"idx"`
	URI   string `json:"uri"`
}

// Confirmation binds the token to a key its holder must prove (RFC 7800).
type Confirmation struct {
	JKT string `json:"jkt"`
}

// TokenType is how a token with this confirmation, or with none, is presented
// (RFC 6750, RFC 9449 section 5).
func (c *Confirmation) TokenType() string {
	if c == nil {
		return "Bearer"
	}
	return "DPoP"
}

// Detail returns what was granted of a type; false when nothing was.
func (c Claims) Detail(typ string) (Detail, bool) {
	for _, d := range c.AuthorizationDetails {
		if d.Type == typ {
			return d, true
		}
	}
	return Detail{}, false
}

// Allows reports whether a data group was granted.
func (d Detail) Allows(datatype string) bool { return slices.Contains(d.Datatypes, datatype) }

// String keeps pseudonyms out of logs.
func (Claims) String() string { return "[consent token]" }

// The methods below make Claims a jwt.Claims.

// GetExpirationTime is exp.
func (c Claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt, nil }

// GetIssuedAt is iat.
func (c Claims) GetIssuedAt() (*jwt.NumericDate, error) { return c.IssuedAt, nil }

// GetNotBefore is nbf.
func (c Claims) GetNotBefore() (*jwt.NumericDate, error) { return c.NotBefore, nil }

// GetIssuer is iss.
func (c Claims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject is sub.
func (c Claims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience is aud.
func (c Claims) GetAudience() (jwt.ClaimStrings, error) { return jwt.ClaimStrings{c.Audience}, nil }
