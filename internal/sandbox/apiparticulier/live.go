package apiparticulier

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"portail.example/consent"
)

// mountLive adds the operations of the catalogue by FranceConnect's access token, while
// the person is there.
func (s *Server) mountLive() {
	for _, set := range consent.DataSets() {
		if at := set.Upstream.FranceConnect; at != "" {
			s.mux.HandleFunc("GET "+at, func(w http.ResponseWriter, r *http.Request) { s.live(w, r, set) })
		}
	}
}

// FranceConnect is where this stand-in asks whom an access token is for.
type FranceConnect struct {
	Issuer             string // its checktoken and jwks are below it
	ClientID, Secret   string // of this data provider
	PerMinute, PerHour int    // calls of one address; 30 and 600 when zero
}

// live goes through the gates of the real one: the caller's address first, whatever
// its token is worth, then FranceConnect, scopes, parameters, duplicate, cache.
func (s *Server) live(w http.ResponseWriter, r *http.Request, set consent.DataSet) {
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
		s.checked(w, r, token, set)
	}
}

// checked asks FranceConnect.
func (s *Server) checked(w http.ResponseWriter, r *http.Request, token string, set consent.DataSet) {
	known, code := s.introspect(r.Context(), token)
	if code == "" {
		code = known.fault()
	}
	query, scopes, rules := r.URL.Query(), known.scopes(), addressed()
	if set.Month != "" {
		rules = append(rules, s.dated()...)
	}
	switch refused, ok := first(query, rules); {
	case code != "":
		write(w, problems[code])
	case !letsIn(set, scopes):
		write(w, problems["00100"])
	case !ok:
		write(w, refused)
	default:
		s.liveOnce(w, r, known.query(query), scopes, set)
	}
}

// scopes are what FranceConnect granted, without those of identities: who comes this way
// has told who they are, and gets none back.
func (i introspection) scopes() []string {
	return slices.DeleteFunc(strings.Fields(i.Scope), func(scope string) bool { return strings.Contains(scope, "_identite") })
}

// liveOnce holds the duplicate lock of the real one: the token is not in the query, and
// all who come with one count as one user, so two people who ask for the same recipient
// and month at the same instant collide.
func (s *Server) liveOnce(w http.ResponseWriter, r *http.Request, query url.Values, scopes []string, set consent.DataSet) {
	key := r.URL.Path + "?" + r.URL.Query().Encode()
	if !s.begin(key) {
		write(w, problems["00015"])
		return
	}
	defer s.end(key)
	switch {
	case s.extra():
		s.otherAnswer(w, query, set, nil, true)
	case s.misbehave(w, r, query, Habilitation{Scopes: scopes}), s.answerCached(w, r, query, scopes, set):
	default:
		s.otherAnswer(w, query, set, scopes, false)
		s.keep(query, set)
	}
}

// addressOf is the caller's.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
