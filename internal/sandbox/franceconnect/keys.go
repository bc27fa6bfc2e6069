package franceconnect

import (
	"encoding/json"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// kid is the name of the real one's key.
const kid = "pkcs11:ES256:hsm"

// sign makes a compact JWS: header alg and kid, no typ, as the real one.
func (s *Server) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	m := s.current()
	if m.Sign != nil {
		return m.Sign(kid, payload), nil
	}
	options := &jose.SignerOptions{}
	if m.Typ != "" {
		options = options.WithType(jose.ContentType(m.Typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.key, KeyID: kid}}, options)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

func (s *Server) jwks(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	s.keyFetches++
	failing := s.mischief.KeysFail
	s.mu.Unlock()
	if failing {
		oauthError(w, http.StatusInternalServerError, "server_error", "mischief")
		return
	}
	cached(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: kid, Algorithm: "ES256", Use: "sig"}}})
}

// discovery advertises PKCE, as the real one does, and refuses it all the same.
func (s *Server) discovery(w http.ResponseWriter, _ *http.Request) {
	if s.current().DiscoveryFails {
		oauthError(w, http.StatusServiceUnavailable, "server_error", "mischief")
		return
	}
	i := s.cfg.Issuer
	cached(w, map[string]any{
		"issuer": i, "authorization_endpoint": i + "/authorize", "token_endpoint": i + "/token", "userinfo_endpoint": i + "/userinfo",
		"jwks_uri": i + "/jwks", "end_session_endpoint": i + "/session/end", "response_types_supported": []string{"code"},
		"grant_types_supported": []string{"authorization_code"}, "subject_types_supported": []string{"pairwise"}, "acr_values_supported": []string{"eidas1"},
		"id_token_signing_alg_values_supported": []string{"HS256", "ES256", "RS256"}, "userinfo_signing_alg_values_supported": []string{"HS256", "ES256", "RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"}, "code_challenge_methods_supported": []string{"S256"},
		"response_modes_supported": []string{"form_post", "fragment", "query"}, "authorization_response_iss_parameter_supported": true,
	})
}

func cached(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=600")
	_ = json.NewEncoder(w).Encode(body)
}
