// Package townhall is the demo's administration: an ordinary OAuth client (PAR,
// PKCE, private_key_jwt, refresh tokens) with three pages. It shows what an
// integrator has to write, and every exchange it makes.
package townhall

import (
	"crypto/ecdsa"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"portail.example/consent"
	"portail.example/consent/token"
)

// Config of a Server. All fields are required.
type Config struct {
	BaseURL  string // of the town hall
	Issuer   string // of the portal
	ClientID string
	Key      *ecdsa.PrivateKey // its public half is registered
	KeyID    string
	SIRET    string
	Name     string
	Now      func() time.Time
	Details  consent.Details // what is asked
}

// Server is the town hall's site. It is safe for concurrent use.
type Server struct {
	cfg    Config
	mux    *http.ServeMux
	client *http.Client

	verifier *token.Verifier

	mu       sync.Mutex
	sessions map[string]*visit
	news     []news // oldest first
	seen     map[string]bool
}

// visit is one family's browser.
type visit struct {
	mu        sync.Mutex
	pending   map[string]string // state → PKCE verifier, one for each tab
	tokens    tokens
	counter   *counter // on an agent's screen; nil when nothing waits
	exchanges []Exchange
}

// Exchange is one call between the town hall and the portal, for the curious.
type Exchange struct {
	At     string
	What   string
	Status int
	Answer string // the standard error, or "ok"
}

const cookieName = "townhall_session"

// New builds the site; it calls nobody.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, mux: http.NewServeMux(), client: &http.Client{Timeout: 20 * time.Second}, sessions: map[string]*visit{}, seen: map[string]bool{}}
	s.verifier = s.newVerifier()
	s.mux.HandleFunc("GET /{$}", s.home)
	s.mux.HandleFunc("GET /start", s.start)
	s.mux.HandleFunc("GET /callback", s.callback)
	s.mux.HandleFunc("GET /tariff", s.tariff)
	s.mux.HandleFunc("POST /refresh", s.refresh)
	s.mux.HandleFunc("POST /events", s.events)
	s.mux.HandleFunc("GET /news", s.showNews)
	s.mux.HandleFunc("GET /counter", s.counterForm)
	s.mux.HandleFunc("POST /counter", s.openCounter)
	s.mux.HandleFunc("GET /counter/answer", s.counterAnswer)
	s.mux.HandleFunc("GET /style.css", style)
	return s
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// visit finds the browser's visit, or opens one.
func (s *Server) visit(w http.ResponseWriter, r *http.Request) *visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cookie, err := r.Cookie(cookieName); err == nil && s.sessions[cookie.Value] != nil {
		return s.sessions[cookie.Value]
	}
	id := rand.Text()
	s.sessions[id] = &visit{pending: map[string]string{}}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return s.sessions[id]
}

// note keeps an exchange, newest last.
func (s *Server) note(v *visit, what string, status int, answer string) {
	v.exchanges = append(v.exchanges, Exchange{At: s.cfg.Now().In(consent.Paris).Format("15:04:05"), What: what, Status: status, Answer: answer})
}
