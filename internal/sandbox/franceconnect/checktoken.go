package franceconnect

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

// DataProvider is a fournisseur de données: it may ask whom an access token is for.
type DataProvider struct {
	ID, Secret string
	JWKSURI    string   // where its encryption key is
	Scopes     []string // that are its own: it is told of no others
}

// checkToken tells a data provider whom an access token is for: a signed JWT, encrypted
// for that provider. A parameter too many is refused, as the real one does.
func (s *Server) checkToken(w http.ResponseWriter, r *http.Request) {
	if status := s.Current().CheckStatus; status != 0 {
		oauthError(w, status, "server_error", "mischief")
		return
	}
	if r.ParseForm() != nil || !onlyTokenAndClient(r) {
		oauthError(w, http.StatusBadRequest, "invalid_request", "Y030027")
		return
	}
	provider, ok := s.provider(r.PostForm.Get("client_id"), r.PostForm.Get("client_secret"))
	if !ok {
		oauthError(w, http.StatusUnauthorized, "invalid_client", "Y0434A7B")
		return
	}
	claims := map[string]any{"iss": s.cfg.Issuer, "aud": provider.ID, "iat": s.cfg.Now().Unix(), "token_introspection": s.introspect(r.PostForm.Get("token"), provider)}
	raw, err := s.Sign(claims, s.Current().Introspection)
	if err == nil {
		raw, err = s.seal(r.Context(), raw, provider)
	}
	if err != nil {
		oauthError(w, http.StatusInternalServerError, "server_error", "Y040001")
		return
	}
	w.Header().Set("Content-Type", "application/token-introspection+jwt")
	_, _ = w.Write([]byte(raw))
}

func onlyTokenAndClient(r *http.Request) bool {
	if len(r.PostForm) != 3 || len(r.URL.RawQuery) > 0 {
		return false
	}
	for _, name := range []string{"token", "client_id", "client_secret"} {
		if len(r.PostForm[name]) != 1 || r.PostForm.Get(name) == "" {
			return false
		}
	}
	return true
}

func (s *Server) provider(id, secret string) (DataProvider, bool) {
	i := slices.IndexFunc(s.cfg.Providers, func(p DataProvider) bool { return p.ID == id })
	if i < 0 || subtle.ConstantTimeCompare([]byte(s.cfg.Providers[i].Secret), []byte(secret)) != 1 {
		return DataProvider{}, false
	}
	return s.cfg.Providers[i], true
}

// introspect says nothing of a token that is over but that it is. Of a live one it
// gives the whole identity, whatever identity scopes the site asked for, a sub that only
// this provider knows, and of the scopes those of this provider.
func (s *Server) introspect(token string, provider DataProvider) map[string]any {
	s.mu.Lock()
	g, known := s.tokens[token]
	s.mu.Unlock()
	if !known || !s.cfg.Now().Before(g.expires) {
		return map[string]any{"active": false}
	}
	out := g.citizen.claims()
	delete(out, "preferred_username")
	scopes := slices.DeleteFunc(slices.Clone(g.interaction.scopes), func(scope string) bool { return !slices.Contains(provider.Scopes, scope) })
	out["active"], out["aud"], out["acr"], out["jti"], out["scope"] = true, g.interaction.client.ID, "eidas1", token, strings.Join(scopes, " ")
	out["iat"], out["exp"] = g.issued.Unix(), g.expires.Unix()
	sub := sha256.Sum256([]byte(provider.ID + s.sub(g.citizen, Client{EntityID: provider.ID})))
	out["sub"] = hex.EncodeToString(sub[:]) + "v1"
	return out
}
