// Package citizen plays citizens for integrators: one person for each outcome of a
// request, who reads the portal's pages as a browser does and answers alone.
// Whoever tests a client asks for an outcome, and replays it as often as they like.
package citizen

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Person is a citizen who always does the same.
type Person struct {
	Outcome string // what is asked for
	Key     string // at the stand-in for FranceConnect
	What    string // what they do, for integrators
	Answer  Answer
}

// Answer is what a person does with a request.
type Answer struct {
	None      bool // never answers
	Refuse    bool
	FirstOnly bool // shares the first data group only
	Withdraw  bool // takes the consent back a while later
}

// Persons are those one can ask for.
func Persons() []Person {
	return []Person{
		{"granted", "olivier", "allows all that is asked", Answer{}},
		{"partial", "yogo", "allows the first data group only", Answer{FirstOnly: true}},
		{"refused", "camille", "refuses", Answer{Refuse: true}},
		{"expired", "alexis", "reads the request and never answers", Answer{None: true}},
		{"withdrawn", "sophie", "allows, and withdraws `after` seconds later (10 when absent)", Answer{Withdraw: true}},
		{"provider_down", "jean-marie", "allows, and the fund never answers for them", Answer{}},
	}
}

// Config of a Server. All fields are required.
type Config struct {
	Portal        string // origin
	FranceConnect string // origin of the stand-in
	Logger        *slog.Logger
}

// Server plays on request.
type Server struct {
	cfg Config
	mux *http.ServeMux
}

// New builds the server.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, mux: http.NewServeMux()}
	s.mux.HandleFunc("POST /play", s.play)
	s.mux.HandleFunc("GET /{$}", s.list)
	return s
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, "POST /play with outcome and url (the authorize address, or a consent_uri); the answer is JSON with location, where the browser would go.\n\n")
	for _, p := range Persons() {
		fmt.Fprintf(w, "outcome=%s  %s\n", p.Outcome, p.What)
	}
}

// played is what came of it.
type played struct {
	Outcome  string `json:"outcome"`
	Location string `json:"location"` // where the browser would go next; empty when nowhere
}

func (s *Server) play(w http.ResponseWriter, r *http.Request) {
	person, target, after, err := s.read(r)
	if err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_request", "error_description": err.Error()})
		return
	}
	visit := s.newVisit(person)
	location, err := visit.answer(r.Context(), target)
	if err != nil {
		answer(w, http.StatusBadGateway, map[string]string{"error": "server_error", "error_description": err.Error()})
		return
	}
	if person.Answer.Withdraw {
		time.AfterFunc(after, visit.takeBack)
	}
	answer(w, http.StatusOK, played{Outcome: person.Outcome, Location: location})
}

// read refuses addresses that are not the portal's: this is no browser for hire.
func (s *Server) read(r *http.Request) (person Person, target string, after time.Duration, err error) {
	for _, p := range Persons() {
		if p.Outcome == r.PostFormValue("outcome") {
			person = p
		}
	}
	if person.Key == "" {
		return person, "", 0, fmt.Errorf("outcome: unknown; GET / lists them")
	}
	u, err := url.Parse(r.PostFormValue("url"))
	if err != nil || u.Scheme+"://"+u.Host != s.cfg.Portal {
		return person, "", 0, fmt.Errorf("url: an address of %s is expected", s.cfg.Portal)
	}
	seconds := 10
	if given := r.PostFormValue("after"); given != "" {
		if seconds, err = strconv.Atoi(given); err != nil || seconds < 0 || seconds > 3600 {
			return person, "", 0, fmt.Errorf("after: seconds, 3600 at most")
		}
	}
	return person, u.String(), time.Duration(seconds) * time.Second, nil
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
