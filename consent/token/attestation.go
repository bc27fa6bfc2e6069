package token

import (
	"context"
	"encoding/json"

	"github.com/golang-jwt/jwt/v5"
)

// AttestationType is the `typ` of a signed attestation. No endpoint takes one for a
// token, and no token passes for one (RFC 8725 section 3.11).
const AttestationType = "attestation+jwt"

// AttestationClaims are those of a signed attestation: the data that one consultation
// released, of the granted groups only, and whom they were released to. It names the
// citizen where the granted data do, and opens nothing.
type AttestationClaims struct {
	Issuer   string           `json:"iss"`
	ID       string           `json:"jti"` // the consultation, as its citizen's history has it
	IssuedAt *jwt.NumericDate `json:"iat"`

	Recipient     string `json:"recipient"` // SIRET
	RecipientName string `json:"recipient_name"`
	Purpose       string `json:"purpose"`
	GrantID       string `json:"grant_id"`
	Reference     string `json:"reference,omitempty"` // the recipient's own file

	DataSet string                     `json:"data_set"`
	Period  string                     `json:"period,omitempty"`      // YYYY-MM, the month the data speak of; without it, they are of the day
	Fund    string                     `json:"fournisseur,omitempty"` // who computed it: CNAF or MSA
	Data    map[string]json.RawMessage `json:"data"`                  // by data group, as API Particulier names its members
	// Lines is what the paper prints of the data, in order: what the page checks by number.
	Lines []AttestationLine `json:"lines"`
}

// AttestationLine is one numbered line of the paper.
type AttestationLine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// maxAttestation is more than the largest household takes, in bytes.
const maxAttestation = 64 << 10

// VerifyAttestation returns the claims of an attestation that an issuer signed, or one
// of this package's errors. Attestations do not expire: they speak of the day they were
// made.
func VerifyAttestation(ctx context.Context, keys KeySet, issuer, raw string) (AttestationClaims, error) {
	if len(raw) > maxAttestation {
		return AttestationClaims{}, ErrMalformed
	}
	if issuer == "" { // golang-jwt would take any
		return AttestationClaims{}, ErrIssuer
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{Algorithm}), jwt.WithIssuer(issuer), jwt.WithStrictDecoding())
	var claims attestationClaims
	parsed, err := parser.ParseWithClaims(raw, &claims, func(t *jwt.Token) (any, error) { return headerKey(ctx, t, AttestationType, keys) })
	if err != nil {
		return AttestationClaims{}, classify(parsed, err)
	}
	if claims.ID == "" || claims.IssuedAt == nil || claims.Recipient == "" || len(claims.Data) == 0 || len(claims.Lines) == 0 {
		return AttestationClaims{}, ErrMissingClaim
	}
	return AttestationClaims(claims), nil
}

// attestationClaims makes AttestationClaims a jwt.Claims.
type attestationClaims AttestationClaims

func (attestationClaims) GetExpirationTime() (*jwt.NumericDate, error) { return nil, nil }
func (attestationClaims) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (attestationClaims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c attestationClaims) GetIssuer() (string, error)                 { return c.Issuer, nil }
func (attestationClaims) GetSubject() (string, error)                  { return "", nil }
func (attestationClaims) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
