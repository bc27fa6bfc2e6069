package guard

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"strings"
	"time"

	"portail.example/portal/gateway"
)

// stripped are headers that end here: the token's, and those that only we may set.
var stripped = []string{"Authorization", "DPoP", gateway.ProviderHeader, gateway.MethodHeader, gateway.URIHeader}

// forward streams a call to the API and its answer back.
func (g *guard) forward() http.Handler {
	transport := &http.Transport{
		MaxIdleConns: 64, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 5 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
	}
	return &httputil.ReverseProxy{
		Rewrite: g.rewrite, Transport: transport, FlushInterval: -1, ErrorHandler: g.failed,
		ErrorLog: log.New(io.Discard, "", 0), // its lines may hold addresses of calls; failed has ours
	}
}

// rewrite runs after the headers that a caller may have removed by Connection are gone,
// so that what is set here arrives.
func (g *guard) rewrite(call *httputil.ProxyRequest) {
	call.SetURL(g.cfg.Upstream)
	call.SetXForwarded()
	for _, name := range stripped {
		call.Out.Header.Del(name)
	}
	for name := range call.Out.Header {
		// Servers that pass headers on as variables do not tell _ from -.
		if strings.HasPrefix(http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-")), gateway.GrantedPrefix) {
			delete(call.Out.Header, name)
		}
	}
	told, _ := call.In.Context().Value(grantedKey{}).(http.Header)
	for name, values := range told {
		if strings.HasPrefix(name, gateway.GrantedPrefix) {
			call.Out.Header[name] = values
		}
	}
}

// failed answers for an API that does not, or for a body that is too large.
func (g *guard) failed(w http.ResponseWriter, _ *http.Request, err error) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	g.logger.Warn("the API does not answer")
	w.WriteHeader(http.StatusBadGateway)
}
