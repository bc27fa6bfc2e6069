package proconnect

import (
	"net/http"
	"net/url"
	"slices"
)

// endSession ends ProConnect's session and goes back; when it is gone already the
// person is stranded on an error page, as on the real one.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	client, ok := s.client(s.Audience(query.Get("id_token_hint")))
	if !query.Has("id_token_hint") {
		client, ok = s.client(query.Get("client_id"))
	}
	target := query.Get("post_logout_redirect_uri")
	switch {
	case !ok:
		s.fail(w, "Y030111", "Le site qui vous envoie n’est pas celui où vous étiez connecté.")
		return
	case query.Get("state") == "" || !slices.Contains(client.PostLogoutRedirectURIs, target):
		s.fail(w, "Y030031", "L’adresse de retour n’est pas celle que le site a déclarée.")
		return
	}
	if _, ok := s.session(r); !ok {
		s.fail(w, "Y030110", "Votre session a déjà pris fin.")
		return
	}
	s.forget(w, r)
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
