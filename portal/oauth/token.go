package oauth

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// tokenResponse is RFC 6749 section 5.1 with RFC 9396 section 7 and grant_id.
type tokenResponse struct {
	AccessToken          string         `json:"access_token"`
	TokenType            string         `json:"token_type"`
	ExpiresIn            int            `json:"expires_in"` // seconds
	Scope                string         `json:"scope"`
	RefreshToken         string         `json:"refresh_token,omitempty"`
	AuthorizationDetails []token.Detail `json:"authorization_details,omitempty"`
	GrantID              string         `json:"grant_id,omitempty"`
}

func (room *Room) token(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	client, err := room.asking(c, form)
	if err != nil {
		return err
	}
	jkt, err := room.proof(c)
	if err != nil {
		return err
	}
	if form.Get("grant_type") == "client_credentials" {
		return room.clientToken(c, form, client, jkt)
	}
	issued, err := room.issue(c, form, client, jkt)
	if err != nil {
		return err
	}
	claims := room.claims(issued)
	raw, err := room.Signer.Mint(claims) // the record has committed: no token without its line
	if err != nil {
		return err
	}
	web.JSON(c, http.StatusOK, tokenResponse{
		AccessToken: raw, TokenType: claims.Confirmation.TokenType(), ExpiresIn: int(issued.Token.ExpiresAt.Sub(issued.Token.IssuedAt).Seconds()), Scope: claims.Scope,
		RefreshToken: issued.RefreshToken, AuthorizationDetails: claims.AuthorizationDetails, GrantID: claims.GrantID,
	})
	return nil
}

func (room *Room) issue(c *gin.Context, form web.Params, client consent.Client, jkt string) (consent.Issuance, error) {
	switch form.Get("grant_type") {
	case "authorization_code":
		if err := required(form, "code", "redirect_uri", "code_verifier"); err != nil {
			return consent.Issuance{}, err
		}
		return room.Service.RedeemCode(c.Request.Context(), consent.Redemption{
			Client: client, Code: form.Get("code"), RedirectURI: form.Get("redirect_uri"), CodeVerifier: form.Get("code_verifier"), JKT: jkt,
		})
	case "refresh_token":
		if err := required(form, "refresh_token"); err != nil {
			return consent.Issuance{}, err
		}
		return room.Service.Refresh(c.Request.Context(), consent.Renewal{Client: client, RefreshToken: form.Get("refresh_token"), JKT: jkt})
	case pollGrantType:
		if err := required(form, "request_id"); err != nil {
			return consent.Issuance{}, err
		}
		return room.Service.PollRequest(c.Request.Context(), consent.Poll{Client: client, RequestID: form.Get("request_id"), JKT: jkt})
	case "":
		return consent.Issuance{}, required(form, "grant_type")
	}
	return consent.Issuance{}, consent.Refuse(consent.UnsupportedGrantType, "grant_type", "authorization_code, refresh_token, client_credentials or %s", pollGrantType)
}

func required(form web.Params, names ...string) error {
	for _, name := range names {
		if form.Get(name) == "" {
			return consent.Refuse(consent.InvalidRequest, name, "missing")
		}
	}
	return nil
}

// claims are the consent token's (protocol section 4). No identity, ever.
func (room *Room) claims(issued consent.Issuance) token.Claims {
	g, t := issued.Grant, issued.Token
	out := token.Claims{
		Issuer: room.Issuer, Subject: g.Sub, Audience: cmp.Or(issued.Audience, room.Audience), ClientID: g.ClientID, Scope: g.Details.Type, GrantID: g.ID, ID: t.ID,
		IssuedAt: jwt.NewNumericDate(t.IssuedAt), ExpiresAt: jwt.NewNumericDate(t.ExpiresAt), ACR: g.ACR,
		AuthorizationDetails: []token.Detail{detail(g.Details)},
		Status:               &token.Status{List: token.StatusList{Index: t.Status.Index, URI: room.listURI(t.Status.List)}},
	}
	if issued.JKT != "" {
		out.Confirmation = &token.Confirmation{JKT: issued.JKT}
	}
	if !g.AuthTime.IsZero() {
		out.AuthTime = jwt.NewNumericDate(g.AuthTime.Truncate(time.Second))
	}
	return out
}

func detail(d consent.Details) token.Detail {
	out := token.Detail{
		Type: d.Type, Locations: d.Locations, Purpose: d.Purpose, Recipient: string(d.Recipient), Access: string(d.Access), ExpiresAt: d.EndsOn.String(), Watch: d.Watch,
	}
	for _, g := range d.Groups {
		out.Datatypes = append(out.Datatypes, string(g))
	}
	return out
}

func (room *Room) listURI(list int64) string {
	return room.Issuer + "/oauth/status-lists/" + strconv.FormatInt(list, 10)
}
