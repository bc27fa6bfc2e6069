package proconnect

import (
	"crypto/rand"
	"net/http"
	"net/url"
)

const cookieName = "pc_session"

// step is what the person does on our page: choose, or go back.
func (s *Server) step(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	in, ok := s.interactions[r.PathValue("id")]
	s.mu.Unlock()
	if !ok {
		s.fail(w, "Y000400", "Votre session a expiré. Retournez sur le site et recommencez.")
		return
	}
	switch r.PathValue("step") {
	case "choose":
		s.choose(w, r, in)
	case "abort":
		s.sendBack(w, r, in, url.Values{"error": {"access_denied"}, "error_description": {"User auth aborted"}})
	default:
		http.NotFound(w, r)
	}
}

// choose opens ProConnect's own session, or tells that the level is not reached.
func (s *Server) choose(w http.ResponseWriter, r *http.Request, in *interaction) {
	known, ok := s.choice(r.URL.Query().Get("agent"), r.URL.Query().Get("siret"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	id := rand.Text()
	s.mu.Lock()
	delete(s.interactions, r.PathValue("id"))
	s.sessions[id] = known
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	if !in.reached(known) {
		s.sendBack(w, r, in, url.Values{"error": {"access_denied"}, "error_description": {"requested ACRs could not be satisfied"}})
		return
	}
	s.confirm(w, r, in, known)
}

// confirm sends the person back with a code: there is no page of consent.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request, in *interaction, known session) {
	if name := s.Current().CallbackError; name != "" {
		s.sendBack(w, r, in, url.Values{"error": {name}, "error_description": {"<b>" + known.agent.Email + "</b>"}})
		return
	}
	code := rand.Text() + rand.Text()
	s.mu.Lock()
	s.codes[code] = grant{in, known, s.cfg.Now().Add(codeLife)}
	s.mu.Unlock()
	s.sendBack(w, r, in, url.Values{"code": {code}})
}

// session is the browser's session here. Its use does not prolong it.
func (s *Server) session(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return session{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.sessions[cookie.Value]
	if !ok || !s.cfg.Now().Before(known.at.Add(sessionLife)) {
		delete(s.sessions, cookie.Value)
		return session{}, false
	}
	return known, true
}
