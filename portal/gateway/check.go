package gateway

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// CheckConfig of a Check.
type CheckConfig struct {
	Service *consent.Service
	// VerifierFor trusts tokens for an audience, and proofs made for an origin.
	VerifierFor func(audience, origin string) (Verifier, error)
	// Rates counts what one provider's proxy asks.
	Rates Rates
}

// Rates counts what one caller asks, and tells it in headers.
type Rates interface {
	Allow(c *gin.Context, caller string) bool
}

// Check tells the proxy of a data provider whether a call of the provider's API has a
// live consent behind it, and records the use: the proxy needs the status only (nginx
// auth_request, Envoy ext_authz).
type Check struct{ CheckConfig }

// NewCheck builds the room.
func NewCheck(cfg CheckConfig) *Check { return &Check{cfg} }

// Mount adds the endpoint, which is a GET because nginx asks so.
func (k *Check) Mount(r gin.IRouter) { r.GET(CheckPath, web.Handle(k.check, k.writeError)) }

func (k *Check) check(c *gin.Context) error {
	provider, err := k.provider(c)
	if err != nil {
		return err
	}
	needs, err := needed(c, provider)
	if err != nil {
		return err
	}
	claims, err := k.verify(c.Request, provider)
	if err != nil {
		return err
	}
	by, err := consultedBy(c.Request.Header)
	if err != nil {
		return err
	}
	verified, err := k.Service.VerifyConsent(c.Request.Context(), consent.Verification{
		Provider: provider, ClientID: claims.ClientID, GrantID: claims.GrantID, TokenID: claims.ID, By: by, Needs: needs,
	})
	if err != nil {
		return err
	}
	tell(c, claims, verified.Details)
	return nil
}

// verify checks the token, and the proof as made for the call that the proxy got.
func (k *Check) verify(asked *http.Request, provider consent.Client) (token.Claims, error) {
	call, err := original(asked)
	if err != nil {
		return token.Claims{}, err
	}
	verifier, err := k.VerifierFor(provider.Provider.Audience, originOf(provider.Provider.Location))
	if err != nil {
		return token.Claims{}, err
	}
	claims, err := verifier.VerifyRequest(call)
	if err != nil {
		return token.Claims{}, &tokenError{err}
	}
	return claims, nil
}

// originOf is the address proofs are made for: the registered one, whatever the proxy
// says of itself.
func originOf(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return location
	}
	return u.Scheme + "://" + u.Host
}

// needed are the groups that the proxy asks for, all that is granted when it names none.
func needed(c *gin.Context, provider consent.Client) (out []consent.DataGroup, err error) {
	params, err := web.Query(c)
	if err == nil {
		err = params.Only("datatypes")
	}
	if err != nil {
		return nil, &proxyFault{err}
	}
	set, _ := consent.DataSetOf(provider.Provider.DataSet)
	for _, name := range strings.Fields(params.Get("datatypes")) {
		group := consent.DataGroup(name)
		if !slices.Contains(set.Groups, group) || slices.Contains(out, group) {
			return nil, &proxyFault{consent.Refuse(consent.InvalidRequest, "datatypes", "not groups of this provider's data set, each once")}
		}
		out = append(out, group)
	}
	return out, nil
}

// tell answers yes. Envoy takes no other status than 200.
func tell(c *gin.Context, claims token.Claims, d consent.Details) {
	names := make([]string, len(d.Groups))
	for i, group := range d.Groups {
		names[i] = string(group)
	}
	for name, value := range map[string]string{
		subjectHeader: claims.Subject, grantHeader: claims.GrantID, datatypesHeader: strings.Join(names, " "), purposeHeader: d.Purpose, recipientHeader: string(d.Recipient),
		"Cache-Control": "no-store",
	} {
		c.Header(name, value)
	}
	c.Status(http.StatusOK)
}
