package apiparticulier

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// livePath is the operation by FranceConnect's access token, while the person is there.
const livePath = "/v3/dss/quotient_familial/france_connect"

// FranceConnect is where this stand-in asks whom an access token is for.
type FranceConnect struct {
	Issuer             string // its checktoken and jwks are below it
	ClientID, Secret   string // of this data provider
	PerMinute, PerHour int    // calls of one address; 30 and 600 when zero
}

// live goes through the gates of the real one: the caller's address first, whatever
// its token is worth, then FranceConnect, scopes, parameters, duplicate, cache.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-ID", requestID())
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case s.cfg.FranceConnect == nil:
		write(w, problems["00404"])
	case !s.admitAddress(w, r):
		write(w, problems["00429"])
	case token == "":
		write(w, problems["51504"])
	case len(token) != 43:
		write(w, problems["51501"])
	default:
		s.record(r)
		s.checked(w, r, token)
	}
}

// checked asks FranceConnect.
func (s *Server) checked(w http.ResponseWriter, r *http.Request, token string) {
	known, code := s.introspect(r.Context(), token)
	query := r.URL.Query()
	scopes := strings.Fields(known.Scope)
	if code == "" {
		code = known.fault()
	}
	switch refused, ok := first(query, slices.Concat(addressed(), s.dated())); {
	case code != "":
		write(w, problems[code])
	case len(opened(scopes)) == 0:
		write(w, problems["00100"])
	case !ok:
		write(w, refused)
	default:
		s.liveOnce(w, r, known.query(query), scopes)
	}
}

// liveOnce holds the duplicate lock of the real one: the token is not in the query, and
// all who come with one count as one user, so two people who ask for the same recipient
// and month at the same instant collide.
func (s *Server) liveOnce(w http.ResponseWriter, r *http.Request, query url.Values, scopes []string) {
	key := "france_connect?" + r.URL.Query().Encode()
	if !s.begin(key) {
		write(w, problems["00015"])
		return
	}
	defer s.end(key)
	if s.misbehave(w, r, query, Habilitation{Scopes: scopes}) {
		return
	}
	if s.answerCached(w, r, query, scopes) {
		return
	}
	s.answer(w, query, Habilitation{Scopes: scopes})
	s.keep(query)
}

// addressOf is the caller's.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
