package signing

import (
	"encoding/json"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// Mint signs a consent token. Call it only for what was recorded.
func (k *Key) Mint(claims token.Claims) (string, error) { return k.sign(token.Type, claims) }

// MintStatusList signs a status list.
func (k *Key) MintStatusList(claims token.StatusListClaims) (string, error) {
	return k.sign(token.StatusListType, payload{claims})
}

// MintIntrospection signs the answer to an introspection (RFC 9701).
func (k *Key) MintIntrospection(claims token.IntrospectionClaims) (string, error) {
	return k.sign(token.IntrospectionType, payload{claims})
}

// MintManagement signs a token for the grant management API.
func (k *Key) MintManagement(claims token.ManagementClaims) (string, error) {
	return k.sign(token.Type, payload{claims})
}

// MintEvent signs a Security Event Token (RFC 8417).
func (k *Key) MintEvent(claims token.EventClaims) (string, error) {
	return k.sign(token.EventType, payload{claims})
}

func (k *Key) sign(typ string, claims jwt.Claims) (string, error) {
	made := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	made.Header["typ"], made.Header["kid"] = typ, k.kid
	return made.SignedString(k.private)
}

// payload lends any struct the methods that golang-jwt wants and signing does not
// need.
type payload struct{ claims any }

// MarshalJSON is the struct's own.
func (p payload) MarshalJSON() ([]byte, error) { return json.Marshal(p.claims) }

func (payload) GetExpirationTime() (*jwt.NumericDate, error) { return nil, nil }
func (payload) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (payload) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (payload) GetIssuer() (string, error)                   { return "", nil }
func (payload) GetSubject() (string, error)                  { return "", nil }
func (payload) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
