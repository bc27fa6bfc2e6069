package signing

import (
	"encoding/json"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// minter signs with the key of the moment.
type minter struct{ current func() (*Key, error) }

// Mint signs a consent token. Call it only for what was recorded.
func (m minter) Mint(claims token.Claims) (string, error) { return m.sign(token.Type, claims) }

// MintStatusList signs a status list.
func (m minter) MintStatusList(claims token.StatusListClaims) (string, error) {
	return m.sign(token.StatusListType, payload{claims})
}

// MintIntrospection signs the answer to an introspection (RFC 9701).
func (m minter) MintIntrospection(claims token.IntrospectionClaims) (string, error) {
	return m.sign(token.IntrospectionType, payload{claims})
}

// MintManagement signs a token for the grant management API.
func (m minter) MintManagement(claims token.ManagementClaims) (string, error) {
	return m.sign(token.Type, payload{claims})
}

// MintEvent signs a Security Event Token (RFC 8417).
func (m minter) MintEvent(claims token.EventClaims) (string, error) {
	return m.sign(token.EventType, payload{claims})
}

// MintReceipt signs a citizen's consent receipt.
func (m minter) MintReceipt(claims token.ReceiptClaims) (string, error) {
	return m.sign(token.ReceiptType, payload{claims})
}

// MintAttestation signs the data that a consultation is about to release.
func (m minter) MintAttestation(claims token.AttestationClaims) (string, error) {
	return m.sign(token.AttestationType, payload{claims})
}

// SignManifest is the detached signature (RFC 7515 appendix F) of a report's manifest,
// which is JSON as json.Marshal writes it.
func (m minter) SignManifest(manifest []byte) (string, error) {
	signed, err := m.sign(token.ManifestType, payload{json.RawMessage(manifest)})
	return token.Detach(signed), err
}

func (m minter) sign(typ string, claims jwt.Claims) (string, error) {
	key, err := m.current()
	if err != nil {
		return "", err
	}
	made := jwt.NewWithClaims(method{}, claims)
	made.Header["typ"], made.Header["kid"] = typ, key.kid
	return made.SignedString(key.signer)
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
