package token

import "github.com/golang-jwt/jwt/v5"

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
