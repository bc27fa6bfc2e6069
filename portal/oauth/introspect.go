package oauth

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

const introspectionType = "application/" + token.IntrospectionType

// introspect is RFC 7662 for the client's own tokens: whatever is wrong with a
// token, the answer is that it is not active, and no more. A client that accepts
// RFC 9701's type gets the answer signed.
func (room *Room) introspect(c *gin.Context) error {
	client, p, err := room.readPresented(c)
	if err != nil {
		return err
	}
	answer, err := room.introspection(c, client, p)
	if err != nil {
		return err
	}
	if c.GetHeader("Accept") != introspectionType {
		web.JSON(c, http.StatusOK, answer)
		return nil
	}
	signed, err := room.Signer.MintIntrospection(token.IntrospectionClaims{
		Issuer: room.Issuer, Audience: client.ID, IssuedAt: jwt.NewNumericDate(room.Now()), Introspection: answer,
	})
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, introspectionType, []byte(signed))
	return nil
}

func (room *Room) introspection(c *gin.Context, client consent.Client, p presented) (token.Introspection, error) {
	ctx := c.Request.Context()
	if p.refresh != "" {
		t, g, err := room.Service.IntrospectRefresh(ctx, client, p.refresh)
		return room.refreshIntrospection(t, g), unlessInactive(err)
	}
	if p.dead {
		return token.Introspection{}, nil
	}
	standing, err := room.Service.Introspect(ctx, client, p.claims.GrantID, p.claims.ID)
	if err != nil {
		return token.Introspection{}, unlessInactive(err)
	}
	answer := p.claims.Introspection()
	answer.AuthorizationDetails = []token.Detail{detail(standing.Grant.Details)} // as the registration stands now
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
	if code := consent.CodeOf(err); consent.Ended(err) || code == consent.TokenRevoked || code == consent.UnauthorizedClient {
		return nil
	}
	return err
}
