package franceconnect

import (
	"crypto/rand"
	"net/http"
	"net/url"
)

const cookieName = "fc_session"

// step is what the person does on our pages: choose, confirm, or go back.
func (s *Server) step(w http.ResponseWriter, r *http.Request) {
	in, ok := s.interaction(r)
	if !ok {
		s.fail(w, "Y410001", "Votre session a expiré. Retournez sur le site et recommencez.", "")
		return
	}
	switch r.PathValue("step") {
	case "choose":
		s.choose(w, r, in)
	case "confirm":
		s.confirm(w, r, in)
	case "abort":
		s.sendBack(w, r, in, url.Values{"error": {"access_denied"}, "error_description": {"User auth aborted"}})
	case "return": // the link of an error page
		s.sendBack(w, r, in, url.Values{"error": {"server_error"}, "error_description": {"authentication aborted due to a technical error on the authorization server"}})
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) interaction(r *http.Request) (*interaction, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in, ok := s.interactions[r.PathValue("id")]
	return in, ok
}

// choose opens FranceConnect's own session.
func (s *Server) choose(w http.ResponseWriter, r *http.Request, in *interaction) {
	citizen, ok := citizenOf(r.URL.Query().Get("citizen"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	if citizen.Refused {
		s.fail(w, "Y600006", "Votre fournisseur d’identité n’a pas transmis toutes les informations nécessaires.", r.PathValue("id"))
		return
	}
	id := rand.Text()
	s.mu.Lock()
	s.sessions[id] = session{citizen, s.cfg.Now().Add(sessionLife)}
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, s.cfg.Issuer+"/interaction/"+r.PathValue("id"), http.StatusSeeOther)
}

// information is the page that lists what will be sent.
func (s *Server) information(w http.ResponseWriter, r *http.Request) {
	in, ok := s.interaction(r)
	known, signedIn := s.session(r)
	if !ok || !signedIn {
		s.fail(w, "Y410001", "Votre session a expiré. Retournez sur le site et recommencez.", "")
		return
	}
	s.inform(w, r.PathValue("id"), in, known.citizen)
}

func (s *Server) inform(w http.ResponseWriter, id string, in *interaction, citizen Citizen) {
	s.render(w, http.StatusOK, "information", page{Title: "Continuer sur " + in.client.Name, Interaction: id, Client: in.client.Name, Citizen: citizen, Data: in.data()})
}

// confirm sends the person back with a code.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request, in *interaction) {
	known, ok := s.session(r)
	if !ok {
		s.fail(w, "Y410001", "Votre session a expiré. Retournez sur le site et recommencez.", "")
		return
	}
	if name := s.Current().CallbackError; name != "" {
		s.sendBack(w, r, in, url.Values{"error": {name}, "error_description": {"<b>" + known.citizen.FamilyName + "</b>"}})
		return
	}
	code := rand.Text() + rand.Text()
	s.mu.Lock()
	delete(s.interactions, r.PathValue("id"))
	s.codes[code] = grant{interaction: in, citizen: known.citizen, at: s.cfg.Now(), expires: s.cfg.Now().Add(codeLife)}
	s.mu.Unlock()
	s.sendBack(w, r, in, url.Values{"code": {code}})
}

// session is the browser's session here, prolonged by its use.
func (s *Server) session(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return session{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.sessions[cookie.Value]
	if !ok || !s.cfg.Now().Before(known.expires) {
		delete(s.sessions, cookie.Value)
		return session{}, false
	}
	known.expires = s.cfg.Now().Add(sessionLife)
	s.sessions[cookie.Value] = known
	return known, true
}
