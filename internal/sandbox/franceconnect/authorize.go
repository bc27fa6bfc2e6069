package franceconnect

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// allowed is the closed list of parameters: anything else is a dead end.
var allowed = []string{"client_id", "response_type", "redirect_uri", "scope", "acr_values", "state", "nonce", "prompt", "claims", "idp_hint", "ui_locales"}

// required are the parameters without which the person never comes back.
var required = []string{"client_id", "redirect_uri", "scope", "acr_values", "state", "nonce"}

// minNonce is the shortest nonce.
const minNonce = 22

// authorize checks in the order of the real one: list of parameters, client,
// address (pages, the person stays), then what is told to the client.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil || !wellFormed(r.Form) {
		s.fail(w, "Y030007", "Une erreur technique est survenue : requête mal formée.", "")
		return
	}
	client, ok := s.client(r.Form.Get("client_id"))
	if !ok {
		s.fail(w, "Y04EA6EF", "Le site qui vous envoie n’est pas connu de FranceConnect.", "")
		return
	}
	if !slices.Contains(client.RedirectURIs, r.Form.Get("redirect_uri")) {
		s.fail(w, "Y04C013C", "L’adresse de retour n’est pas celle que le site a déclarée.", "")
		return
	}
	in := &interaction{client: client, query: r.Form, redirectURI: r.Form.Get("redirect_uri")}
	if code := in.check(); code != "" {
		s.sendBack(w, r, in, url.Values{"error": {code}, "error_description": {"refused"}})
		return
	}
	s.begin(w, r, in)
}

func wellFormed(form url.Values) bool {
	for name, values := range form {
		if !slices.Contains(allowed, name) || len(values) != 1 {
			return false
		}
	}
	for _, name := range required {
		if form.Get(name) == "" {
			return false
		}
	}
	address, err := url.Parse(form.Get("redirect_uri"))
	return err == nil && address.IsAbs() && form.Has("response_type") && len(form.Get("nonce")) >= minNonce && validPrompt(form)
}

func validPrompt(form url.Values) bool {
	if !form.Has("prompt") {
		return true
	}
	for _, word := range strings.Split(form.Get("prompt"), " ") {
		if word != "login" && word != "consent" {
			return false
		}
	}
	return true
}

// check is what the client is told through the browser; "" when all is well.
func (in *interaction) check() string {
	switch kind := in.query.Get("response_type"); {
	case kind == "":
		return "invalid_request"
	case kind != "code":
		return "unsupported_response_type"
	}
	for _, scope := range strings.Fields(in.query.Get("scope")) {
		may, granted := in.client.grants(scope)
		if !may {
			return "invalid_scope"
		}
		if granted {
			in.scopes = append(in.scopes, scope)
		}
	}
	if !slices.Contains(in.scopes, "openid") {
		return "invalid_request"
	}
	levels := strings.Fields(in.query.Get("acr_values"))
	if !slices.Contains(levels, "eidas1") && (slices.Contains(levels, "eidas2") || slices.Contains(levels, "eidas3")) {
		return "invalid_acr"
	}
	return ""
}

// begin shows the list of citizens, or goes straight to the information page when
// this browser has a session (single sign-on).
func (s *Server) begin(w http.ResponseWriter, r *http.Request, in *interaction) {
	id := rand.Text()
	s.mu.Lock()
	s.interactions[id] = in
	s.mu.Unlock()
	if known, ok := s.session(r); ok {
		s.inform(w, id, in, known.citizen)
		return
	}
	s.render(w, http.StatusOK, "citizens", page{Title: "Je choisis un compte pour me connecter", Interaction: id, Client: in.client.Name, Citizens: citizens})
}

// sendBack redirects to the client with RFC 9207's iss. For types that are not
// code the real one answers in the fragment.
func (s *Server) sendBack(w http.ResponseWriter, r *http.Request, in *interaction, query url.Values) {
	query.Set("iss", s.cfg.Issuer)
	if state := in.query.Get("state"); state != "" {
		query.Set("state", state)
	}
	if change := s.Current().Callback; change != nil {
		change(query)
	}
	separator := "?"
	if kind := in.query.Get("response_type"); kind != "code" && kind != "" {
		separator = "#"
	}
	http.Redirect(w, r, in.redirectURI+separator+query.Encode(), http.StatusSeeOther)
}
