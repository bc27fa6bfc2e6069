// Package apiparticulier is a stand-in for API Particulier v3 (DINUM): the
// operations of the catalogue by identity and by FranceConnect's access token, with
// their parameters, envelope, scopes, error codes, rate limits, duplicate lock and cache,
// and faults on demand. The people in it
// are fictitious, borrowed from the public fixtures of the real sandbox.
package apiparticulier

import (
	"context"
	"crypto/rsa"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// path is the operation by identity.
const path = "/v3/dss/quotient_familial/identite"

// Config of a Server.
type Config struct {
	Tokens map[string]Habilitation // by bearer token
	// FranceConnect is asked whom its access tokens are for; without it nobody is.
	FranceConnect *FranceConnect
	Now           func() time.Time
}

// Habilitation is what a token opens.
type Habilitation struct {
	Scopes  []string
	Revoked bool
	// PerSecond is the habilitation's own limit; 20 when zero.
	PerSecond int
	// Delegations make the token an editor's: it has no scopes but theirs.
	Delegations []Delegation
}

// Call is one request that passed the token check. Tests compare what was sent.
type Call struct {
	Path    string
	Query   url.Values
	NoCache bool
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	cfg Config
	mux *http.ServeMux

	mu       sync.Mutex
	calls    []Call
	mischief Mischief
	windows  map[string]window
	running  map[string]bool
	ended    *sync.Cond             // with mu: a running call is over
	visits   map[string][]time.Time // by address, of those who come with FranceConnect's tokens
	cache    map[string]cached
	private  *rsa.PrivateKey
}

// New builds a stand-in.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, mux: http.NewServeMux(), windows: map[string]window{}, running: map[string]bool{}, visits: map[string][]time.Time{}, cache: map[string]cached{}}
	s.ended = sync.NewCond(&s.mu)
	s.mux.HandleFunc("GET /jwks", s.jwks)
	s.mux.HandleFunc("GET "+path, s.quotientFamilial)
	s.mountOthers()
	s.mountLive()
	s.mux.HandleFunc("GET /{$}", s.root)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { write(w, problems["00404"]) })
	return s
}

// ServeHTTP answers, or misbehaves when told to.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Calls are the requests so far.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// quotientFamilial goes through the gates of the real one, in its order: token,
// rate, scopes, parameters, duplicate, the fund.
func (s *Server) quotientFamilial(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-ID", requestID())
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	habilitation, known := s.cfg.Tokens[token]
	switch {
	case !found || !known:
		write(w, problems["00101"])
	case habilitation.Revoked:
		write(w, problems["00105"])
	case !s.admit(w, token, habilitation):
		write(w, problems["00429"])
	default:
		s.record(r)
		s.admitted(w, r, token, habilitation)
	}
}

func (s *Server) admitted(w http.ResponseWriter, r *http.Request, token string, habilitation Habilitation) {
	query := r.URL.Query()
	if habilitation.Delegations != nil {
		scopes, code := habilitation.delegated(query)
		if code != "" {
			write(w, problems[code])
			return
		}
		habilitation.Scopes = scopes
	}
	if len(opened(habilitation.Scopes)) == 0 {
		write(w, problems["00100"])
		return
	}
	if p, ok := s.check(query); !ok {
		write(w, p)
		return
	}
	key := token + "?" + query.Encode()
	if !s.begin(key) {
		write(w, problems["00015"])
		return
	}
	defer s.end(key)
	if s.misbehave(w, r, query, habilitation) {
		return
	}
	s.answer(w, query, habilitation)
}

// answer is the fund's: a household, or why there is none.
func (s *Server) answer(w http.ResponseWriter, query url.Values, habilitation Habilitation) {
	person, ok := find(query)
	switch {
	case !ok:
		write(w, problems["35560"])
	case person.problem != "":
		write(w, problems[person.problem])
	default:
		w.Header().Set("X-Response-Cached", "false")
		w.Header().Set("X-Cache-Expires-in", "")
		s.release(w, person, query, opened(habilitation.Scopes))
	}
}

func (s *Server) record(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{Path: r.URL.Path, Query: r.URL.Query(), NoCache: r.Header.Get("Cache-Control") == "no-cache"})
}

// begin takes the lock on identical calls of one token; false when it is taken.
func (s *Server) begin(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[key] {
		return false
	}
	s.running[key] = true
	return true
}

func (s *Server) end(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, key)
	s.ended.Broadcast()
}

// Settle waits until no call is running: one whose caller has left may hold the lock on
// identical calls a moment longer.
func (s *Server) Settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.running) > 0 {
		s.ended.Wait()
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
