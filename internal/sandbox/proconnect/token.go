package proconnect

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"

	"portail.example/internal/sandbox/openid"
)

// token exchanges a code (client_secret_post only; PKCE never stands for the secret).
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if status := s.Current().TokenStatus; status != 0 {
		oauthError(w, status, "server_error")
		return
	}
	if err := r.ParseForm(); err != nil {
		oauthError(w, http.StatusBadRequest, "invalid_request")
		return
	}
	client, ok := s.client(r.PostForm.Get("client_id"))
	if !ok || subtle.ConstantTimeCompare([]byte(client.Secret), []byte(r.PostForm.Get("client_secret"))) != 1 {
		oauthError(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	if r.PostForm.Get("grant_type") != "authorization_code" {
		oauthError(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	g, ok := s.redeem(r.PostForm.Get("code"))
	if !ok || g.interaction.client.ID != client.ID || g.interaction.redirectURI != r.PostForm.Get("redirect_uri") || !g.interaction.proved(r.PostForm.Get("code_verifier")) {
		oauthError(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	s.issue(w, g)
}

// proved checks the code verifier (RFC 7636 section 4.6).
func (in *interaction) proved(verifier string) bool {
	challenge := in.query.Get("code_challenge")
	sum := sha256.Sum256([]byte(verifier))
	return challenge == "" && verifier == "" || challenge == base64.RawURLEncoding.EncodeToString(sum[:])
}

// redeem uses a code up.
func (s *Server) redeem(code string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.codes[code]
	delete(s.codes, code)
	return g, ok && s.cfg.Now().Before(g.expires)
}

// issue answers with a refresh token nobody asked for, as the real one.
func (s *Server) issue(w http.ResponseWriter, g grant) {
	access, now := (rand.Text() + rand.Text())[:43], s.cfg.Now()
	g.expires = now.Add(tokenLife)
	s.mu.Lock()
	s.tokens[access] = g
	s.mu.Unlock()
	claims := map[string]any{
		"iss": s.cfg.Issuer, "aud": g.interaction.client.ID, "sub": g.session.agent.Sub(), "nonce": g.interaction.query.Get("nonce"),
		"acr": g.session.agent.ACR, "auth_time": g.session.at.Unix(), "iat": now.Unix(), "exp": g.expires.Unix(),
	}
	raw, err := s.Sign(claims, s.Current().IDToken)
	if err != nil {
		oauthError(w, http.StatusInternalServerError, "server_error")
		return
	}
	openid.Answer(w, http.StatusOK, map[string]any{
		"access_token": access, "expires_in": int(tokenLife.Seconds()), "id_token": raw, "refresh_token": rand.Text(),
		"scope": strings.Join(g.interaction.scopes, " "), "token_type": "Bearer",
	})
}

// userinfo is a signed JWT, since an algorithm was registered.
func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	m := s.Current()
	if m.UserinfoStatus != 0 {
		oauthError(w, m.UserinfoStatus, "server_error")
		return
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	g, ok := s.tokens[token]
	s.mu.Unlock()
	if !ok || !s.cfg.Now().Before(g.expires) {
		oauthError(w, http.StatusUnauthorized, "invalid_token")
		return
	}
	claims := s.identity(g)
	raw, err := s.Sign(claims, m.Userinfo)
	if err != nil {
		oauthError(w, http.StatusInternalServerError, "server_error")
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
	now, all := s.cfg.Now(), g.session.claims()
	out := map[string]any{"iss": s.cfg.Issuer, "aud": g.interaction.client.ID, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix()}
	for _, scope := range g.interaction.scopes {
		if claim, ok := scopeClaims[scope]; ok {
			out[claim] = all[claim]
		}
	}
	return out
}

func oauthError(w http.ResponseWriter, status int, name string) {
	openid.Answer(w, status, map[string]any{"error": name, "error_description": name})
}
