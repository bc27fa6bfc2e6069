package franceconnect

import (
	"net/http"
	"net/url"
	"slices"
)

var logoutParams = []string{"id_token_hint", "post_logout_redirect_uri", "state", "client_id", "logout_hint", "ui_locales"}

// endSession ends FranceConnect's session and goes back; when the session is gone
// already, the person is stranded on an error page, as on the real one.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for name := range query {
		if !slices.Contains(logoutParams, name) {
			s.fail(w, "Y030007", "Une erreur technique est survenue : requête mal formée.", "")
			return
		}
	}
	client, ok := s.client(s.Audience(query.Get("id_token_hint")))
	if !ok {
		s.fail(w, "Y030007", "Une erreur technique est survenue : requête mal formée.", "")
		return
	}
	target := query.Get("post_logout_redirect_uri")
	if target != "" && !slices.Contains(client.PostLogoutRedirectURIs, target) {
		s.fail(w, "Y04CFAEF", "L’adresse de retour n’est pas celle que le site a déclarée.", "")
		return
	}
	if _, ok := s.session(r); !ok {
		s.fail(w, "Y100019", "Votre session a déjà pris fin.", "")
		return
	}
	s.forget(w, r)
	if target == "" {
		s.render(w, http.StatusOK, "disconnected", page{Title: "Vous êtes déconnecté"})
		return
	}
	http.Redirect(w, r, target+"?"+url.Values{"state": {query.Get("state")}}.Encode(), http.StatusSeeOther)
}

func (s *Server) forget(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return
	}
	s.mu.Lock()
	delete(s.sessions, cookie.Value)
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1})
}
