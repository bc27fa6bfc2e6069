package gateway

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// proxyFault is a check that was asked wrongly: the caller of the provider's API can do
// nothing about it, and must not be told that its token is at fault.
type proxyFault struct{ error }

func (e *proxyFault) Unwrap() error { return e.error }

// provider authenticates the proxy with the provider's secret, in a header of its own:
// Authorization is the caller's. An unknown provider and a wrong secret get one answer.
func (k *Check) provider(c *gin.Context) (consent.Client, error) {
	wrong := &proxyFault{consent.Refuse(consent.InvalidClient, ProviderHeader, "the data provider did not prove itself")}
	id, secret, ok := basic(c.Request.Header.Values(ProviderHeader))
	if !ok {
		return consent.Client{}, wrong
	}
	client, err := k.Service.Client(c.Request.Context(), id)
	code := consent.CodeOf(err)
	if err != nil && code != consent.UnauthorizedClient && code != consent.InvalidClient {
		return consent.Client{}, err
	}
	given := consent.HashOf(secret)
	same := subtle.ConstantTimeCompare(given[:], client.SecretHash) == 1
	switch {
	case !same || client.Kind != consent.DataProvider || client.AuthMethod != consent.ClientSecretBasic:
		return consent.Client{}, wrong
	case err != nil:
		return consent.Client{}, &proxyFault{err}
	case !k.Rates.Allow(c, client.ID):
		return consent.Client{}, consent.Refuse(consent.TooMany, "", "too many checks of this provider; see Retry-After")
	}
	return client, nil
}

// basic undoes RFC 6749 section 2.3.1, as the OAuth endpoints do.
func basic(headers []string) (id, secret string, ok bool) {
	if len(headers) != 1 {
		return "", "", false
	}
	left, right, ok := (&http.Request{Header: http.Header{"Authorization": headers}}).BasicAuth()
	id, errID := url.QueryUnescape(left)
	secret, errSecret := url.QueryUnescape(right)
	return id, secret, ok && errID == nil && errSecret == nil && web.IsID(id)
}

var verb = regexp.MustCompile(`^[A-Z]{1,16}$`)

// original is the call that the proxy got, with the headers its caller sent.
func original(asked *http.Request) (*http.Request, error) {
	method, address := asked.Header.Values(MethodHeader), asked.Header.Values(URIHeader)
	if len(method) != 1 || !verb.MatchString(method[0]) {
		return nil, &proxyFault{consent.Refuse(consent.InvalidRequest, MethodHeader, "the method of the original call, once")}
	}
	wrong := &proxyFault{consent.Refuse(consent.InvalidRequest, URIHeader, "path and query of the original call, once")}
	if len(address) != 1 || !strings.HasPrefix(address[0], "/") {
		return nil, wrong
	}
	u, err := url.ParseRequestURI(address[0])
	if err != nil || u.Host != "" {
		return nil, wrong
	}
	call := asked.Clone(asked.Context())
	call.Method, call.URL = method[0], u
	return call, nil
}
