package franceconnect

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"

	"portail.example/internal/sandbox/openid"
)

// token exchanges a code (client_secret_post only).
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if status := s.Current().TokenStatus; status != 0 {
		oauthError(w, status, "server_error", "mischief")
		return
	}
	if err := r.ParseForm(); err != nil {
		oauthError(w, http.StatusBadRequest, "invalid_request", "Y048017B")
		return
	}
	client, ok := s.client(r.PostForm.Get("client_id"))
	if !ok || subtle.ConstantTimeCompare([]byte(client.Secret), []byte(r.PostForm.Get("client_secret"))) != 1 {
		oauthError(w, http.StatusUnauthorized, "invalid_client", "Y0434A7B")
		return
	}
	if r.PostForm.Get("grant_type") != "authorization_code" || r.PostForm.Get("code") == "" {
		oauthError(w, http.StatusBadRequest, "invalid_request", "Y048017B")
		return
	}
	g, ok := s.redeem(r.PostForm.Get("code"))
	if !ok || g.interaction.client.ID != client.ID || g.interaction.redirectURI != r.PostForm.Get("redirect_uri") {
		oauthError(w, http.StatusBadRequest, "invalid_grant", "Y049E20B")
		return
	}
	s.issue(w, g)
}

// redeem uses a code up.
func (s *Server) redeem(code string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.codes[code]
	delete(s.codes, code)
	return g, ok && s.cfg.Now().Before(g.expires)
}

// Grant gives a site an access token for a citizen, as a sign-in would.
func (s *Server) Grant(clientID, citizen string, scopes ...string) string {
	client, _ := s.client(clientID)
	who, _ := citizenOf(citizen)
	return s.open(grant{interaction: &interaction{client: client, scopes: scopes}, citizen: who})
}

// open makes an access token live.
func (s *Server) open(g grant) string {
	access := (rand.Text() + rand.Text())[:43]
	g.issued, g.expires = s.cfg.Now(), s.cfg.Now().Add(tokenLife)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[access] = g
	return access
}

// issue answers with exactly the real one's five members.
func (s *Server) issue(w http.ResponseWriter, g grant) {
	if change := s.Current().Scopes; change != nil {
		g.interaction.scopes = change(g.interaction.scopes)
	}
	access, now := s.open(g), s.cfg.Now()
	claims := map[string]any{
		"iss": s.cfg.Issuer, "aud": g.interaction.client.ID, "sub": s.sub(g.citizen, g.interaction.client), "nonce": g.interaction.query.Get("nonce"),
		"acr": "eidas1", "auth_time": g.at.Unix(), "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
	}
	raw, err := s.Sign(claims, s.Current().IDToken)
	if err != nil {
		oauthError(w, http.StatusInternalServerError, "server_error", "")
		return
	}
	openid.Answer(w, http.StatusOK, map[string]any{"access_token": access, "expires_in": 60, "id_token": raw, "scope": strings.Join(g.interaction.scopes, " "), "token_type": "Bearer"})
}

// userinfo is always a signed JWT.
func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	m := s.Current()
	if m.UserinfoStatus != 0 {
		oauthError(w, m.UserinfoStatus, "server_error", "mischief")
		return
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	g, ok := s.tokens[token]
	s.mu.Unlock()
	if !ok || !s.cfg.Now().Before(g.expires) {
		oauthError(w, http.StatusUnauthorized, "invalid_token", "Y04146A2")
		return
	}
	claims := s.identity(g)
	raw, err := s.Sign(claims, m.Userinfo)
	if err != nil {
		oauthError(w, http.StatusInternalServerError, "server_error", "")
		return
	}
	if m.PlainUserinfo {
		openid.Answer(w, http.StatusOK, claims)
		return
	}
	openid.Signed(w, raw)
}

// identity are the claims that the granted scopes open.
func (s *Server) identity(g grant) map[string]any {
	now := s.cfg.Now()
	out := map[string]any{
		"iss": s.cfg.Issuer, "aud": g.interaction.client.ID, "sub": s.sub(g.citizen, g.interaction.client), "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
	}
	all := g.citizen.claims()
	for _, scope := range g.interaction.scopes {
		for _, name := range scopeClaims[scope] {
			if value, ok := all[name]; ok {
				out[name] = value
			}
		}
	}
	return out
}

func oauthError(w http.ResponseWriter, status int, name, code string) {
	openid.Answer(w, status, map[string]any{"error": name, "error_description": name + " (" + code + ")", "error_uri": "https://docs.partenaires.franceconnect.gouv.fr/fs/fs-technique/fs-technique-erreurs/?code=" + code})
}
