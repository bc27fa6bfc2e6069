package proconnect

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// allowed is the closed list of parameters: anything else is a dead end.
var allowed = []string{
	"client_id", "response_type", "redirect_uri", "scope", "state", "nonce", "acr_values", "claims", "prompt", "idp_hint", "login_hint", "siret_hint",
	"response_mode", "code_challenge", "code_challenge_method",
}

// minChallenge is RFC 7636's shortest code challenge.
const minChallenge = 43

// authorize checks the list of parameters, client and address (pages, the person
// stays), then what is told to the client.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil || !wellFormed(r.Form) {
		s.fail(w, "Y000400", "Une erreur technique est survenue : requête mal formée.")
		return
	}
	client, ok := s.client(r.Form.Get("client_id"))
	if !ok {
		s.fail(w, "Y04A586", "Le site qui vous envoie n’est pas connu de ProConnect.")
		return
	}
	if !slices.Contains(client.RedirectURIs, r.Form.Get("redirect_uri")) {
		s.fail(w, "Y030031", "L’adresse de retour n’est pas celle que le site a déclarée.")
		return
	}
	in := &interaction{client: client, query: r.Form, redirectURI: r.Form.Get("redirect_uri"), scopes: strings.Fields(r.Form.Get("scope"))}
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
	for _, name := range []string{"client_id", "redirect_uri", "scope", "state", "response_type"} {
		if form.Get(name) == "" {
			return false
		}
	}
	hint := form.Get("siret_hint")
	return hint == "" || len(hint) == 14
}

// check is what the client is told through the browser; "" when all is well.
func (in *interaction) check() string {
	method, challenge := in.query.Get("code_challenge_method"), in.query.Get("code_challenge")
	switch {
	case in.query.Get("response_type") != "code":
		return "unsupported_response_type"
	case !slices.Contains(in.scopes, "openid"):
		return "invalid_request"
	case (method != "" || challenge != "") && (method != "S256" || len(challenge) < minChallenge):
		return "invalid_request"
	}
	return in.demanded()
}

// demanded reads the claims parameter; acr_values alone is a wish that nothing checks.
func (in *interaction) demanded() string {
	if !in.query.Has("claims") {
		return ""
	}
	var wanted struct {
		IDToken struct {
			ACR struct {
				Essential bool     `json:"essential"`
				Values    []string `json:"values"`
			} `json:"acr"`
		} `json:"id_token"`
	}
	if json.Unmarshal([]byte(in.query.Get("claims")), &wanted) != nil {
		return "invalid_request"
	}
	if wanted.IDToken.ACR.Essential {
		in.levels = wanted.IDToken.ACR.Values
	}
	return ""
}

// begin shows the list of agents, or goes straight back when this browser has a
// session that reaches the level (single sign-on).
func (s *Server) begin(w http.ResponseWriter, r *http.Request, in *interaction) {
	known, ok := s.session(r)
	switch prompt := in.query.Get("prompt"); {
	case ok && prompt != "login" && in.reached(known):
		s.confirm(w, r, in, known)
		return
	case prompt == "none":
		s.sendBack(w, r, in, url.Values{"error": {"login_required"}, "error_description": {"End-User authentication is required"}})
		return
	}
	id := rand.Text()
	s.mu.Lock()
	s.interactions[id] = in
	s.mu.Unlock()
	s.render(w, http.StatusOK, "agents", page{Title: "Je choisis un compte professionnel", Interaction: id, Client: in.client.Name, Agents: s.cfg.Agents})
}

func (in *interaction) reached(known session) bool {
	return len(in.levels) == 0 || slices.Contains(in.levels, known.agent.ACR)
}

// sendBack redirects to the client with RFC 9207's iss.
func (s *Server) sendBack(w http.ResponseWriter, r *http.Request, in *interaction, query url.Values) {
	query.Set("iss", s.cfg.Issuer)
	query.Set("state", in.query.Get("state"))
	if change := s.Current().Callback; change != nil {
		change(query)
	}
	http.Redirect(w, r, in.redirectURI+"?"+query.Encode(), http.StatusSeeOther)
}
