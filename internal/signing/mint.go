package signing

import (
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// Mint signs a consent token. Call it only for what was recorded.
func (k *Key) Mint(claims token.Claims) (string, error) { return k.sign(token.Type, claims) }

// MintStatusList signs a status list.
func (k *Key) MintStatusList(claims token.StatusListClaims) (string, error) {
	return k.sign(token.StatusListType, statusListJWT{claims})
}

func (k *Key) sign(typ string, claims jwt.Claims) (string, error) {
	made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	made.Header["typ"], made.Header["kid"] = typ, k.kid
	return made.SignedString(k.private)
}

// statusListJWT lends token.StatusListClaims the methods golang-jwt wants.
type statusListJWT struct{ token.StatusListClaims }

func (c statusListJWT) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt, nil }
func (c statusListJWT) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt, nil }
func (statusListJWT) GetNotBefore() (*jwt.NumericDate, error)        { return nil, nil }
func (statusListJWT) GetIssuer() (string, error)                     { return "", nil }
func (c statusListJWT) GetSubject() (string, error)                  { return c.Subject, nil }
func (statusListJWT) GetAudience() (jwt.ClaimStrings, error)         { return nil, nil }
