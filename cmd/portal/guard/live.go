package guard

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"

	"portail.example/portal/gateway"
)

type grantedKey struct{}

// passed are the caller's headers that the portal needs.
var passed = []string{"Authorization", "DPoP", gateway.AgentHeader, gateway.ServiceHeader}

// live asks the portal whether the consent stands, which records the use, and passes
// its refusals on. Whatever else it says, or nothing, lets no call through.
func (g *guard) live(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := g.ask(r)
		if err != nil {
			g.logger.Error("the portal does not answer: nothing is let through")
			unavailable(w)
			return
		}
		switch answer.StatusCode {
		case http.StatusOK:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), grantedKey{}, answer.Header)))
		case http.StatusUnauthorized, http.StatusForbidden:
			if challenge := answer.Header.Get("WWW-Authenticate"); challenge != "" {
				w.Header().Set("WWW-Authenticate", challenge)
			}
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(answer.StatusCode)
		default:
			g.logger.Error("the portal gives no verdict: nothing is let through", "status", answer.StatusCode)
			unavailable(w)
		}
	})
}

// ask is one call of the portal's check.
func (g *guard) ask(r *http.Request) (*http.Response, error) {
	query := url.Values{"datatypes": {strings.Join(g.cfg.Datatypes, " ")}}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, g.cfg.Portal+gateway.CheckPath+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	for _, name := range passed {
		request.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
	}
	own := url.QueryEscape(g.cfg.ClientID) + ":" + url.QueryEscape(g.cfg.Secret.Value()) // RFC 6749 section 2.3.1
	request.Header.Set(gateway.ProviderHeader, "Basic "+base64.StdEncoding.EncodeToString([]byte(own)))
	request.Header.Set(gateway.MethodHeader, r.Method)
	request.Header.Set(gateway.URIHeader, r.URL.RequestURI())
	answer, err := g.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	return answer, err
}
