package oauth

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

const introspectionType = "application/" + token.IntrospectionType

// introspect is RFC 7662 for a client's own tokens, and for a data provider's
// audience: whatever is wrong with a token, the answer is that it is not active,
// and no more. A caller that accepts RFC 9701's type gets the answer signed, and
// encrypted when it registered a key for that.
func (room *Room) introspect(c *gin.Context) error {
	client, p, err := room.readPresented(c)
	if err != nil {
		return err
	}
	reply, err := room.replyTo(c, client)
	if err != nil {
		return err
	}
	answer, err := room.introspection(c, client, p, reply)
	if err != nil {
		return err
	}
	return room.writeIntrospection(c, client, answer, reply)
}

func (room *Room) introspection(c *gin.Context, client consent.Client, p presented, reply reply) (token.Introspection, error) {
	ctx := c.Request.Context()
	switch {
	case p.refresh != "" && client.Kind == consent.DataProvider:
		return token.Introspection{}, nil // refresh tokens are between us and their client
	case p.refresh != "":
		t, g, err := room.Service.IntrospectRefresh(ctx, client, p.refresh)
		return room.refreshIntrospection(t, g), unlessInactive(err)
	case p.dead:
		return token.Introspection{}, nil
	case client.Kind == consent.DataProvider:
		return room.verification(ctx, client, p.claims, reply)
	}
	standing, err := room.Service.Introspect(ctx, client, p.standing)
	if err != nil {
		return token.Introspection{}, unlessInactive(err)
	}
	return introspectionOf(p.claims, standing.Grant.Details), nil
}

// introspectionOf says what was granted as the registration stands now.
func introspectionOf(claims token.Claims, d consent.Details) token.Introspection {
	answer := claims.Introspection()
	answer.AuthorizationDetails = []token.Detail{detail(d)}
	return answer
}

// verification answers a data provider about a token for its audience, and keeps
// the use that is made of it. The identity leaves encrypted, or not at all.
func (room *Room) verification(ctx context.Context, provider consent.Client, claims token.Claims, reply reply) (token.Introspection, error) {
	if claims.Audience != provider.Provider.Audience {
		return token.Introspection{}, nil
	}
	verified, err := room.Service.VerifyConsent(ctx, consent.Verification{Provider: provider, ClientID: claims.ClientID, GrantID: claims.GrantID, TokenID: claims.ID})
	if err != nil {
		return token.Introspection{}, unlessInactive(err)
	}
	answer := introspectionOf(claims, verified.Details)
	if who := verified.Identity; reply.encrypter != nil && who.FamilyName != "" {
		answer.Identity = &token.Identity{
			FamilyName: who.FamilyName, GivenName: strings.Join(who.GivenNames, " "), Birthdate: who.Birthdate, Gender: who.Gender,
			Birthplace: who.Birthplace, Birthcountry: who.Birthcountry,
		}
	}
	return answer, nil
}

func (room *Room) refreshIntrospection(t consent.RefreshToken, g consent.Grant) token.Introspection {
	if t.GrantID == "" {
		return token.Introspection{}
	}
	return token.Introspection{
		Active: true, TokenType: "refresh_token", Issuer: room.Issuer, Subject: g.Sub, ClientID: g.ClientID, Scope: g.Details.Type, GrantID: g.ID,
		ExpiresAt: jwt.NewNumericDate(t.ExpiresAt), AuthorizationDetails: []token.Detail{detail(g.Details)},
	}
}

// unlessInactive keeps faults, and drops every reason a token is not active.
func unlessInactive(err error) error {
	switch code := consent.CodeOf(err); {
	case consent.Ended(err), code == consent.TokenRevoked, code == consent.UnauthorizedClient, code == consent.InsufficientScope:
		return nil
	}
	return err
}

func (room *Room) writeIntrospection(c *gin.Context, client consent.Client, answer token.Introspection, reply reply) error {
	if !reply.signed {
		web.JSON(c, http.StatusOK, answer)
		return nil
	}
	out, err := room.Signer.MintIntrospection(token.IntrospectionClaims{
		Issuer: room.Issuer, Audience: client.ID, IssuedAt: jwt.NewNumericDate(room.Now()), Introspection: answer,
	})
	if err == nil && reply.encrypter != nil {
		out, err = reply.seal(out)
	}
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, introspectionType, []byte(out))
	return nil
}
