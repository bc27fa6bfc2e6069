package signing

import (
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// StatusListType is the `typ` of a status list token.
const StatusListType = "statuslist+jwt"

// StatusListClaims are those of a status list token (Token Status List, section 5.1).
type StatusListClaims struct {
	Subject    string           `json:"sub"` // the list's own URI
	IssuedAt   *jwt.NumericDate `json:"iat"`
	ExpiresAt  *jwt.NumericDate `json:"exp"`
	TTL        int64            `json:"ttl"` // seconds
	StatusList StatusListBits   `json:"status_list"`
}

// StatusListBits is the compressed list.
type StatusListBits struct {
	Bits int    `json:"bits"`
	List string `json:"lst"` // zlib, base64url
}

// Mint signs a consent token. Call it only for what was recorded.
func (k *Key) Mint(claims token.Claims) (string, error) { return k.sign(token.Type, claims) }

// MintStatusList signs a status list.
func (k *Key) MintStatusList(claims StatusListClaims) (string, error) {
	return k.sign(StatusListType, statusListJWT{claims})
}

func (k *Key) sign(typ string, claims jwt.Claims) (string, error) {
	made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	made.Header["typ"], made.Header["kid"] = typ, k.kid
	return made.SignedString(k.private)
}

// statusListJWT lends StatusListClaims the methods golang-jwt wants.
type statusListJWT struct{ StatusListClaims }

func (c statusListJWT) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt, nil }
func (c statusListJWT) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt, nil }
func (statusListJWT) GetNotBefore() (*jwt.NumericDate, error)        { return nil, nil }
func (statusListJWT) GetIssuer() (string, error)                     { return "", nil }
func (c statusListJWT) GetSubject() (string, error)                  { return c.Subject, nil }
func (statusListJWT) GetAudience() (jwt.ClaimStrings, error)         { return nil, nil }
