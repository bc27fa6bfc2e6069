package townhall

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// pollGrantType asks what became of a filed request.
const pollGrantType = "urn:portail:params:oauth:grant-type:consent-request"

// counter is a request that an agent filed for the person in front of them.
type counter struct {
	RequestID string `json:"request_id"`
	Address   string `json:"consent_uri"`
	Picture   string `json:"qr_code"`
	Interval  int64  `json:"interval"` // seconds between two polls
	asked     time.Time
}

// QR is the picture of the address, which the portal draws: its answer is trusted.
func (c counter) QR() template.URL { return template.URL(c.Picture) }

// person is the identity that the agent reads on a document.
type person struct {
	FamilyName   string `json:"family_name"`
	GivenName    string `json:"given_name"`
	Birthdate    string `json:"birthdate"`
	Gender       string `json:"gender"`
	Birthplace   string `json:"birthplace"`
	Birthcountry string `json:"birthcountry"`
}

func (s *Server) counterForm(w http.ResponseWriter, _ *http.Request) {
	s.render(w, "counter", page{Title: "Guichet : demander le quotient familial"})
}

// openCounter files the request; the person answers on their own phone.
func (s *Server) openCounter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	v := s.visit(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	filed, err := s.file(r.Context(), v, person{
		FamilyName: r.PostFormValue("family_name"), GivenName: r.PostFormValue("given_name"), Birthdate: r.PostFormValue("birthdate"),
		Gender: r.PostFormValue("gender"), Birthplace: r.PostFormValue("birthplace"), Birthcountry: r.PostFormValue("birthcountry"),
	})
	if err != nil {
		s.sorry(w, v, err)
		return
	}
	filed.asked = s.cfg.Now()
	v.counter = &filed
	http.Redirect(w, r, "/counter/answer", http.StatusSeeOther)
}

func (s *Server) file(ctx context.Context, v *visit, who person) (filed counter, err error) {
	assertion, err := s.assertion()
	if err != nil {
		return filed, err
	}
	body, err := json.Marshal(map[string]any{
		"client_id": s.cfg.ClientID, "client_assertion_type": assertionType, "client_assertion": assertion,
		"authorization_details": []any{s.cfg.Details}, "subject": who,
	})
	if err != nil {
		return filed, err
	}
	return filed, s.send(ctx, v, "/oauth/consent-requests", "application/json", bytes.NewReader(body), &filed)
}

// waiting are the answers after which one asks again.
var waiting = map[string]bool{"authorization_pending": true, "slow_down": true}

// counterAnswer is the agent's screen. It asks the portal again by itself, without
// a script, and moves on when there is an answer.
func (s *Server) counterAnswer(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.counter == nil {
		http.Redirect(w, r, "/counter", http.StatusSeeOther)
		return
	}
	err := s.collect(r.Context(), v)
	var refusal *oauthError
	switch {
	case err == nil:
		v.counter = nil
		http.Redirect(w, r, "/tariff", http.StatusSeeOther)
	case errors.As(err, &refusal) && waiting[refusal.Code]:
		w.Header().Set("Refresh", strconv.FormatInt(v.counter.Interval+1, 10))
		s.render(w, "answer", page{Title: "En attente de la réponse", Counter: v.counter, Exchanges: v.exchanges})
	case errors.As(err, &refusal) && (refusal.Code == "access_denied" || refusal.Code == "expired_token"):
		v.counter = nil
		s.render(w, "outcome", page{Title: "Le quotient familial n’est pas partagé", Message: "Demandez l’attestation CAF ou MSA. En attendant, le tarif le plus élevé s’applique.", Error: refusal.Code, Exchanges: v.exchanges})
	default:
		s.sorry(w, v, err)
	}
}

// collect polls, not more often than the portal asks.
func (s *Server) collect(ctx context.Context, v *visit) error {
	now := s.cfg.Now()
	if now.Before(v.counter.asked.Add(time.Duration(v.counter.Interval) * time.Second)) {
		return &oauthError{Code: "slow_down"}
	}
	v.counter.asked = now
	return s.post(ctx, v, "/oauth/token", url.Values{"grant_type": {pollGrantType}, "request_id": {v.counter.RequestID}}, &v.tokens)
}
