// Package franceconnect is a stand-in for FranceConnect v2 (level eidas1). It
// refuses what the real one refuses: parameters outside its list, PKCE, short
// nonces, unregistered addresses, late codes. It misbehaves on demand. The
// citizens in it are fictitious.
package franceconnect

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"portail.example/internal/sandbox/openid"
)

// How long things live, as on the real one.
const (
	codeLife    = 30 * time.Second
	tokenLife   = 60 * time.Second
	sessionLife = 30 * time.Minute // sliding
)

// Config of a Server.
type Config struct {
	Issuer    string // http://localhost:8081/api/v2
	Clients   []Client
	Providers []DataProvider
	Now       func() time.Time
}

// Client is a service provider in the partner space.
type Client struct {
	ID, Secret             string
	EntityID               string // what sub is derived for
	Name                   string
	RedirectURIs           []string
	PostLogoutRedirectURIs []string
	// DataScopes are those of data providers that the client is entitled to ask.
	DataScopes []string
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	*openid.Provider
	cfg  Config
	mux  *http.ServeMux
	salt string

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
}

// grant is what a code, then an access token, stands for.
type grant struct {
	interaction *interaction
	citizen     Citizen
	at          time.Time
	issued      time.Time // the access token; zero for a code
	expires     time.Time
}

type session struct {
	citizen Citizen
	expires time.Time
}

// New builds a stand-in with a key of its own.
func New(cfg Config) (*Server, error) {
	issuer, err := url.Parse(cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	provider, err := openid.New(kid)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Provider: provider, cfg: cfg, mux: http.NewServeMux(), salt: rand.Text(), interactions: map[string]*interaction{},
		codes: map[string]grant{}, tokens: map[string]grant{}, sessions: map[string]session{},
	}
	s.routes(issuer.Path)
	return s, nil
}

func (s *Server) routes(base string) {
	s.mux.HandleFunc("GET "+base+"/.well-known/openid-configuration", s.Discovery(metadata(s.cfg.Issuer)))
	s.mux.HandleFunc("GET "+base+"/jwks", s.JWKS)
	s.mux.HandleFunc("GET "+base+"/authorize", s.authorize)
	s.mux.HandleFunc("POST "+base+"/authorize", s.authorize)
	s.mux.HandleFunc("GET "+base+"/interaction/{id}", s.information)
	s.mux.HandleFunc("GET "+base+"/interaction/{id}/{step}", s.step)
	s.mux.HandleFunc("POST "+base+"/token", s.token)
	s.mux.HandleFunc("GET "+base+"/userinfo", s.userinfo)
	s.mux.HandleFunc("GET "+base+"/session/end", s.endSession)
	s.mux.HandleFunc("POST "+base+"/checktoken", s.checkToken)
	s.mux.HandleFunc("GET /style.css", openid.Style)
	s.mux.HandleFunc("GET /{$}", s.root)
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
