package signing

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"math/big"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent/token"
)

// method is ES256 (RFC 7518 section 3.4) by any crypto.Signer: golang-jwt's own
// takes keys in memory only. Verifying stays golang-jwt's.
type method struct{}

var _ jwt.SigningMethod = method{}

var errKey = errors.New("signing: not a P-256 signer")

// Alg is ES256.
func (method) Alg() string { return token.Algorithm }

// Verify is golang-jwt's.
func (method) Verify(signed string, signature []byte, key any) error {
	return jwt.SigningMethodES256.Verify(signed, signature, key)
}

// Sign asks the signer, whose answer is ASN.1, and gives r and s in 32 bytes each.
func (method) Sign(signed string, key any) ([]byte, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errKey
	}
	digest := sha256.Sum256([]byte(signed))
	der, err := signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &pair); err != nil || len(rest) > 0 || pair.R.BitLen() > 256 || pair.S.BitLen() > 256 {
		return nil, errKey
	}
	out := make([]byte, 64)
	pair.R.FillBytes(out[:32])
	pair.S.FillBytes(out[32:])
	return out, nil
}
