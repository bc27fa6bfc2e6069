package townhall

import (
	"errors"
	"net/http"
)

func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	s.visit(w, r)
	s.render(w, "home", page{Title: "Inscription à la cantine"})
}

// start sends the family to the portal.
func (s *Server) start(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	address, err := s.push(r.Context(), v)
	if err != nil {
		s.sorry(w, v, err)
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// callback is where the portal sends the family back. Nothing is believed before
// state and iss are the ones expected (RFC 9207).
func (s *Server) callback(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	query := r.URL.Query()
	verifier, ours := v.pending[query.Get("state")]
	if !ours || query.Get("iss") != s.cfg.Issuer {
		s.render(w, "outcome", page{Title: "Recommencez depuis le début", Message: "Cette page ne correspond pas à une demande en cours.", Again: true, Exchanges: v.exchanges})
		return
	}
	delete(v.pending, query.Get("state"))
	if code := query.Get("error"); code != "" {
		s.note(v, "retour du portail", http.StatusSeeOther, code)
		s.render(w, "outcome", page{
			Title: "Vous n’avez pas partagé votre quotient familial", Error: code, Exchanges: v.exchanges, Again: true,
			Message: "Ce n’est pas grave : apportez votre attestation CAF ou MSA en mairie. En attendant, le tarif le plus élevé s’applique.",
		})
		return
	}
	if err := s.redeem(r.Context(), v, query.Get("code"), verifier); err != nil {
		s.sorry(w, v, err)
		return
	}
	http.Redirect(w, r, "/tariff", http.StatusSeeOther)
}

// tariff calls the data API each time: the amount is not kept.
func (s *Server) tariff(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tokens.Access == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	status, answer, err := s.household(r.Context(), v)
	if status == http.StatusOK && err == nil {
		s.render(w, "tariff", page{
			Title: "Votre tarif de cantine", Tariff: tariffOf(answer), Token: readable(v.tokens.Access), CanRefresh: v.tokens.Refresh != "", Exchanges: v.exchanges,
		})
		return
	}
	s.noData(w, v, status, answer)
}

// outcomes are what a family reads when there is no amount.
var outcomes = map[int][2]string{
	http.StatusUnauthorized:        {"Nous n’avons plus accès à votre quotient familial", "L’autorisation a été retirée ou a pris fin. Votre tarif reste le même jusqu’à la prochaine révision ; vous pouvez autoriser de nouveau ou apporter votre attestation."},
	http.StatusNotFound:            {"La CAF et la MSA n’ont pas de dossier à votre nom", "Si vous n’êtes pas allocataire, le service scolaire calculera votre tarif avec votre avis d’impôt."},
	http.StatusUnprocessableEntity: {"La CAF et la MSA ne vous reconnaissent pas", "Votre état civil n’est peut-être pas le même partout. Apportez votre attestation CAF ou MSA en mairie."},
	http.StatusTooManyRequests:     {"Le service des caisses est très demandé", "Réessayez dans quelques minutes : votre autorisation est enregistrée."},
	http.StatusServiceUnavailable:  {"Le service des caisses est en maintenance", "Réessayez plus tard : votre autorisation est enregistrée."},
}

func (s *Server) noData(w http.ResponseWriter, v *visit, status int, answer household) {
	text, ok := outcomes[status]
	if !ok {
		text = [2]string{"Le service des caisses ne répond pas", "Réessayez plus tard : votre autorisation est enregistrée. Vous pouvez aussi apporter votre attestation."}
	}
	s.render(w, "outcome", page{Title: text[0], Message: text[1], Error: answer.code(), Again: true, Exchanges: v.exchanges})
}

// refresh renews the consent token by hand, to see it work.
func (s *Server) refresh(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tokens.Refresh == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	if err := s.renew(r.Context(), v); err != nil {
		s.sorry(w, v, err)
		return
	}
	http.Redirect(w, r, "/tariff", http.StatusSeeOther)
}

// sorry is a refusal of the portal's back channel.
func (s *Server) sorry(w http.ResponseWriter, v *visit, err error) {
	var refusal *oauthError
	if errors.As(err, &refusal) && refusal.Code == "invalid_grant" {
		s.render(w, "outcome", page{Title: outcomes[http.StatusUnauthorized][0], Message: outcomes[http.StatusUnauthorized][1], Error: refusal.Error(), Again: true, Exchanges: v.exchanges})
		return
	}
	text := "no answer"
	if refusal != nil {
		text = refusal.Error()
	}
	s.render(w, "outcome", page{Title: "Le partage n’est pas possible pour le moment", Message: "Réessayez plus tard, ou apportez votre attestation CAF ou MSA en mairie.", Error: text, Again: true, Exchanges: v.exchanges})
}
