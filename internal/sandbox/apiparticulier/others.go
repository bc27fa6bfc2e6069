package apiparticulier

import (
	"net/http"
	"net/url"
	"strings"

	"portail.example/consent"
)

// mountOthers adds the operations of the catalogue by identity, besides the quotient
// familial's.
func (s *Server) mountOthers() {
	for _, set := range consent.DataSets() {
		if at := set.Upstream.Identity; at != "" && at != path {
			s.mux.HandleFunc("GET "+at, func(w http.ResponseWriter, r *http.Request) { s.other(w, r, set) })
		}
	}
}

// other goes through the same gates as the quotient familial.
func (s *Server) other(w http.ResponseWriter, r *http.Request, set consent.DataSet) {
	w.Header().Set("X-Request-ID", requestID())
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	habilitation, known := s.cfg.Tokens[token]
	switch {
	case !known:
		write(w, problems["00101"])
	case habilitation.Revoked:
		write(w, problems["00105"])
	case !s.admit(w, token, habilitation):
		write(w, problems["00429"])
	case !letsIn(set, habilitation.Scopes) && !tellsWhose(set, habilitation.Scopes):
		s.record(r)
		write(w, problems["00100"])
	default:
		s.record(r)
		s.otherAdmitted(w, r, token, set)
	}
}

func (s *Server) otherAdmitted(w http.ResponseWriter, r *http.Request, token string, set consent.DataSet) {
	query := r.URL.Query()
	if p, ok := first(query, s.otherRules(set)); !ok {
		write(w, p)
		return
	}
	key := token + " " + set.Type + "?" + query.Encode()
	if !s.begin(key) {
		write(w, problems["00015"])
		return
	}
	defer s.end(key)
	if s.extra() {
		s.otherAnswer(w, query, set, s.cfg.Tokens[token].Scopes, true)
	} else if !s.misbehave(w, r, query, s.cfg.Tokens[token]) {
		s.otherAnswer(w, query, set, s.cfg.Tokens[token].Scopes, false)
	}
}

// extra tells whether keys are to be added, and those the scopes mask.
func (s *Server) extra() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mischief.ExtraGroups
}

// otherRules are an operation's: one that knows no country of birth wants the whole date,
// and a parameter it does not know finds nothing, as in the real sandbox.
func (s *Server) otherRules(set consent.DataSet) []rule {
	out := append([]rule{{"00404", func(q url.Values) bool { return onlyKnown(q, set) }}}, addressed()...)
	for _, r := range s.identified() {
		if set.Knows(parameterOf[r.code]) {
			out = append(out, r)
		}
	}
	if set.Knows("jourDateNaissance") && !set.Knows("codeCogInseePaysNaissance") {
		out = append(out, rule{"00363", func(q url.Values) bool { return q.Get("moisDateNaissance") != "" && q.Get("jourDateNaissance") != "" }})
	}
	if set.Knows("identifiant") {
		out = append(out, rule{"00380", func(q url.Values) bool { return q.Get("identifiant") != "" }})
	}
	if set.Knows("codeEtablissement") {
		out = append(out, schooling()...)
	}
	if set.Month != "" {
		out = append(out, s.dated()...)
	}
	return out
}

// parameterOf is what a rule is about.
var parameterOf = map[string]string{
	"00420": "nomNaissance", "00367": "prenoms[]", "00422": "anneeDateNaissance", "00363": "anneeDateNaissance", "00427": "sexeEtatCivil",
	"00400": "codeCogInseePaysNaissance", "00365": "codeCogInseePaysNaissance",
}

func onlyKnown(q url.Values, set consent.DataSet) bool {
	for name := range q {
		dated := name == "annee" || name == "mois"
		known := set.Knows(name) || name == "recipient"
		if dated && set.Month == "" || !dated && !known {
			return false
		}
	}
	return true
}

// otherAnswer is about whom the operation finds its own way.
func (s *Server) otherAnswer(w http.ResponseWriter, query url.Values, set consent.DataSet, scopes []string, extra bool) {
	p, absent := s.whom(query, set)
	switch {
	case absent != "":
		write(w, problems[absent])
		return
	case p.problem != "":
		write(w, problems[p.problem])
		return
	}
	w.Header().Set("X-Response-Cached", "false")
	w.Header().Set("X-Cache-Expires-in", "")
	s.sendHeld(w, query, set, scopes, extra)
}

// sendHeld sends what a person who was found has, as far as scopes open it.
func (s *Server) sendHeld(w http.ResponseWriter, query url.Values, set consent.DataSet, scopes []string, extra bool) {
	p, _ := s.whom(query, set)
	year, month, _ := s.asked(query)
	held := s.holding(p, set, year, month)
	data := mask(set, held, scopes)
	if extra {
		data, _ = set.Cut(held, set.Groups)
		data["numero_allocataire"], data["nir"] = []byte(`"0000354"`), []byte(`"187060848000112"`)
	}
	tell(data, set, p, extra || tellsWhose(set, scopes))
	send(w, http.StatusOK, map[string]any{"data": data, "links": map[string]any{}, "meta": map[string]any{}})
}
