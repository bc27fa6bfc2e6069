package oauth

import (
	"context"
	"errors"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
)

// Proofs checks DPoP proofs made for this server.
type Proofs interface {
	Verify(ctx context.Context, raw, method, path, accessToken string) (jkt string, err error)
}

// proof is the key that the caller proved (RFC 9449 section 5); "" when it did
// not try. It fails with InvalidProof or ProofNonce.
func (room *Room) proof(c *gin.Context) (string, error) {
	sent := c.Request.Header.Values("DPoP")
	switch len(sent) {
	case 0:
		return "", nil
	case 1:
	default:
		return "", consent.Refuse(consent.InvalidProof, "DPoP", "more than one proof")
	}
	jkt, err := room.Proofs.Verify(c.Request.Context(), sent[0], c.Request.Method, c.Request.URL.EscapedPath(), "")
	switch {
	case errors.Is(err, token.ErrProofNonce):
		return "", consent.Refuse(consent.ProofNonce, "DPoP", "repeat with the nonce of the DPoP-Nonce header")
	case errors.Is(err, token.ErrProofStore):
		return "", err
	case err != nil:
		return "", &consent.Error{Code: consent.InvalidProof, Field: "DPoP", Detail: "not a good proof for this call, or used before", Err: err}
	}
	return jkt, nil
}

// announced is the key a pushed request binds its code to: the one proved, or the
// dpop_jkt parameter (RFC 9449 section 10).
func announced(proved, parameter string) (string, error) {
	switch {
	case parameter != "" && !isChallenge(parameter): // a thumbprint is a SHA-256 too
		return "", consent.Refuse(consent.InvalidRequest, "dpop_jkt", "not a SHA-256 thumbprint")
	case proved != "" && parameter != "" && proved != parameter:
		return "", consent.Refuse(consent.InvalidProof, "dpop_jkt", "not the key of the proof")
	case proved != "":
		return proved, nil
	}
	return parameter, nil
}
