package token

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// ManifestType is the `typ` of a detached signature of a report's manifest.
const ManifestType = "report-manifest"

// Detach takes the payload out of a JWS in compact form (RFC 7515 appendix F).
func Detach(signed string) string {
	header, rest, _ := strings.Cut(signed, ".")
	_, signature, _ := strings.Cut(rest, ".")
	return header + ".." + signature
}

// VerifyDetached accepts a detached signature of a payload (RFC 7515 appendix F) by
// one of the keys, or returns one of this package's errors. The payload is JSON.
func VerifyDetached(ctx context.Context, keys KeySet, typ, detached string, payload []byte) error {
	header, signature, found := strings.Cut(detached, "..")
	if !found || len(detached) > maxSize {
		return ErrMalformed
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{Algorithm}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	parsed, err := parser.Parse(header+"."+base64.RawURLEncoding.EncodeToString(payload)+"."+signature,
		func(t *jwt.Token) (any, error) { return headerKey(ctx, t, typ, keys) })
	if err != nil {
		return classify(parsed, err)
	}
	return nil
}
