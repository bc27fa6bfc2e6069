package oauth

import (
	"context"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// presented is the token a client asks about: one of our consent tokens, or a
// refresh token, which is opaque.
type presented struct {
	claims  token.Claims
	refresh string
	// dead tells a consent token that is forged, expired or not ours.
	dead bool
}

// Verifier trusts a consent token, or says why not. Whether a bound token's
// holder proves its key is not asked here: the client that asks proved itself.
type Verifier interface {
	Inspect(ctx context.Context, raw string) (token.Claims, error)
}

// readPresented authenticates the client and reads the token parameter. The hint
// (RFC 7009 section 2.1) is not needed: the two kinds cannot be confused.
func (room *Room) readPresented(c *gin.Context) (consent.Client, presented, error) {
	form, err := web.Form(c)
	if err != nil {
		return consent.Client{}, presented{}, err
	}
	client, err := room.authenticate(c, form)
	if err != nil {
		return consent.Client{}, presented{}, err
	}
	if err := required(form, "token"); err != nil {
		return consent.Client{}, presented{}, err
	}
	raw := form.Get("token")
	if !strings.Contains(raw, ".") {
		return client, presented{refresh: raw}, nil
	}
	claims, err := room.Verifier.Inspect(c.Request.Context(), raw)
	return client, presented{claims: claims, dead: err != nil}, nil
}
