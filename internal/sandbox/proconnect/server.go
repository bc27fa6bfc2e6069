// Package proconnect is a stand-in for ProConnect. It refuses what the real one
// refuses: parameters outside its list, PKCE in plain, unregistered addresses, late or
// repeated codes, a level the account does not reach, a logout without a session. It
// misbehaves on demand. The agents in it are fictitious.
package proconnect

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"portail.example/internal/sandbox/openid"
)

// How long things live, as on the real one.
const (
	codeLife    = 60 * time.Second
	tokenLife   = time.Hour
	sessionLife = 12 * time.Hour // not sliding
)

// Mischief is how the stand-in misbehaves; the zero value behaves.
type Mischief = openid.Mischief

// Config of a Server.
type Config struct {
	Issuer  string // http://localhost:8082/api/v2
	Clients []Client
	Agents  []Agent
	Now     func() time.Time
}

// Client is a service provider.
type Client struct {
	ID, Secret, Name       string
	RedirectURIs           []string
	PostLogoutRedirectURIs []string
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	*openid.Provider
	cfg Config
	mux *http.ServeMux

	mu           sync.Mutex
	interactions map[string]*interaction
	codes        map[string]grant
	tokens       map[string]grant
	sessions     map[string]session
}

// interaction is one authorize request being answered by a person.
type interaction struct {
	client      Client
	query       url.Values
	redirectURI string
	scopes      []string
	levels      []string // demanded; none when empty
}

// grant is what a code, then an access token, stands for.
type grant struct {
	interaction *interaction
	session     session
	expires     time.Time
}

// session is a person, for one organisation: changing it needs a logout.
type session struct {
	agent        Agent
	organisation Organisation
	at           time.Time
}

// New builds a stand-in with a key of its own.
func New(cfg Config) (*Server, error) {
	issuer, err := url.Parse(cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	provider, err := openid.New("proconnect-es256")
	if err != nil {
		return nil, err
	}
	s := &Server{
		Provider: provider, cfg: cfg, mux: http.NewServeMux(), interactions: map[string]*interaction{},
		codes: map[string]grant{}, tokens: map[string]grant{}, sessions: map[string]session{},
	}
	s.routes(issuer.Path)
	return s, nil
}

func (s *Server) routes(base string) {
	s.mux.HandleFunc("GET "+base+"/.well-known/openid-configuration", s.Discovery(s.metadata()))
	s.mux.HandleFunc("GET "+base+"/jwks", s.JWKS)
	s.mux.HandleFunc("GET "+base+"/authorize", s.authorize)
	s.mux.HandleFunc("POST "+base+"/authorize", s.authorize)
	s.mux.HandleFunc("GET "+base+"/interaction/{id}/{step}", s.step)
	s.mux.HandleFunc("POST "+base+"/token", s.token)
	s.mux.HandleFunc("GET "+base+"/userinfo", s.userinfo)
	s.mux.HandleFunc("GET "+base+"/session/end", s.endSession)
	s.mux.HandleFunc("GET /style.css", openid.Style)
	s.mux.HandleFunc("GET /{$}", s.root)
}

func (s *Server) metadata() map[string]any {
	i := s.cfg.Issuer
	return map[string]any{
		"issuer": i, "authorization_endpoint": i + "/authorize", "token_endpoint": i + "/token", "userinfo_endpoint": i + "/userinfo",
		"jwks_uri": i + "/jwks", "end_session_endpoint": i + "/session/end", "response_types_supported": []string{"code"},
		"grant_types_supported": []string{"authorization_code", "refresh_token"}, "subject_types_supported": []string{"public"}, "acr_values_supported": levels,
		"id_token_signing_alg_values_supported": []string{"ES256", "RS256", "HS256"}, "userinfo_signing_alg_values_supported": []string{"ES256", "RS256", "HS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"}, "code_challenge_methods_supported": []string{"S256"},
		"claims_parameter_supported": true, "authorization_response_iss_parameter_supported": true,
	}
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// client finds a registered client.
func (s *Server) client(id string) (Client, bool) {
	for _, c := range s.cfg.Clients {
		if c.ID == id {
			return c, true
		}
	}
	return Client{}, false
}
