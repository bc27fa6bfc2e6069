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
	// standing is what is known of a consent token of the client's own.
	standing *consent.Standing
}

// presentedKey is where authentication finds the token the client asks about.
const presentedKey = "presented"

// Verifier trusts a consent token, or says why not. Whether a bound token's
// holder proves its key is not asked here: the client that asks proved itself.
type Verifier interface {
	Inspect(ctx context.Context, raw string) (token.Claims, error)
}

// readPresented authenticates the client and reads the token parameter. The token
// is looked at first, so that client and token are found in one look-up; nothing of
// it is told to whoever does not prove to be a client.
func (room *Room) readPresented(c *gin.Context) (consent.Client, presented, error) {
	form, err := web.Form(c)
	if err != nil {
		return consent.Client{}, presented{}, err
	}
	p := room.look(c, form.Get("token"))
	client, err := room.authenticate(c, form)
	if err != nil {
		return consent.Client{}, presented{}, err
	}
	return client, *p, required(form, "token")
}

// look reads a token. The hint (RFC 7009 section 2.1) is not needed: the two kinds
// cannot be confused.
func (room *Room) look(c *gin.Context, raw string) *presented {
	if !strings.Contains(raw, ".") {
		return &presented{refresh: raw}
	}
	claims, err := room.Verifier.Inspect(c.Request.Context(), raw)
	p := &presented{claims: claims, dead: err != nil}
	if !p.dead {
		c.Set(presentedKey, p)
	}
	return p
}
