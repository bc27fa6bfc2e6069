package townhall

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"portail.example/consent"
	"portail.example/consent/token"
)

// news is one event as the town hall's agents read it.
type news struct{ At, What, Grant string }

// newVerifier trusts the portal's keys for events sent to this town hall.
func (s *Server) newVerifier() *token.Verifier {
	verifier, err := token.NewVerifier(token.Config{
		Issuer: s.cfg.Issuer, Audience: s.cfg.ClientID, Now: s.cfg.Now,
		Keys: token.NewRemoteKeys(s.cfg.Issuer+"/oauth/jwks", s.client, s.cfg.Now),
	})
	if err != nil {
		panic(err) // the configuration is the demo's own
	}
	return verifier
}

// events takes pushed events (RFC 8935): one at a time, signed, perhaps twice.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<10))
	if err != nil || r.Header.Get("Content-Type") != "application/"+token.EventType {
		complain(w, "invalid_request")
		return
	}
	claims, err := s.verifier.VerifyEvent(r.Context(), string(raw))
	if err != nil {
		complain(w, "invalid_key")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.seen[claims.ID] {
		s.seen[claims.ID] = true
		for uri, event := range claims.Events {
			at := claims.TimeOfEvent.In(consent.Paris).Format("15:04:05")
			s.news = append(s.news, news{At: at, What: strings.TrimSpace(strings.TrimPrefix(uri, token.EventURI("")) + " " + event.Month), Grant: cmp.Or(event.GrantID, event.RequestID)})
		}
	}
	w.WriteHeader(http.StatusAccepted)
}

// complain is RFC 8935 section 2.3.
func complain(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"err": code})
}

// showNews lists what the portal told.
func (s *Server) showNews(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	list := append([]news{}, s.news...)
	s.mu.Unlock()
	s.render(w, "news", page{Title: "Nouvelles du portail de consentement", News: list})
}
