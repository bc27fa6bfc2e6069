package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"portail.example/consent"
	"portail.example/portal/web"
)

// storySource answers every look of a story, whichever way it goes.
type storySource struct{ err error }

func (s *storySource) Ask(_ context.Context, q consent.Question) (consent.ProviderAnswer, error) {
	if s.err != nil {
		return consent.ProviderAnswer{}, s.err
	}
	return consent.ProviderAnswer{Period: q.Period, Data: map[string]json.RawMessage{
		"quotient_familial": json.RawMessage(`{"fournisseur":"CNAF","valeur":1250,"annee":2026,"mois":11}`),
		"enfants":           json.RawMessage(`[{"nom_naissance":"DUBOIS","prenoms":"LÉA MARIE","date_naissance":"2017-05-04","sexe":"F"},{"nom_naissance":"DUBOIS","prenoms":"NOÉ","date_naissance":"2020-00-00","sexe":"M"}]`),
	}}, nil
}

func (s *storySource) AskLive(ctx context.Context, q consent.Question, _ consent.LiveToken) (consent.ProviderAnswer, error) {
	return s.Ask(ctx, q)
}

// previewStories are what a citizen sees who looks at their data before they decide.
var previewStories = []storyOf{
	{"request preview", func(s *stage) string { return s.looks(nil) }},
	{"request preview not yet published", func(s *stage) string {
		s.Clock.Advance(time.Date(2026, time.December, 2, 10, 0, 0, 0, consent.Paris).Sub(s.Clock.Now()))
		return s.looks(&consent.ProviderFault{Outcome: consent.NoFile, Code: "23003"})
	}},
	{"request preview stale sign-in", func(s *stage) string {
		return s.looks(&consent.ProviderFault{Outcome: consent.Failed, Code: "51502", Proof: consent.ProofStale})
	}},
	{"request preview partial identity", func(s *stage) string {
		return s.looks(&consent.ProviderFault{Outcome: consent.NotIdentified, Code: "51564", Proof: consent.ProofPartial})
	}},
	{"request preview no file", func(s *stage) string { return s.looks(&consent.ProviderFault{Outcome: consent.NoFile, Code: "35003"}) }},
	{"request preview not identified", func(s *stage) string { return s.looks(&consent.ProviderFault{Outcome: consent.NotIdentified}) }},
	{"request preview busy", func(s *stage) string { return s.looks(&consent.ProviderFault{Outcome: consent.Busy}) }},
	{"request preview failed", func(s *stage) string { return s.looks(&consent.ProviderFault{Outcome: consent.Failed}) }},
	{"request preview timed out", func(s *stage) string { return s.looks(&consent.ProviderFault{Outcome: consent.TimedOut}) }},
	{"request preview too often", func(s *stage) string {
		path := s.looks(nil)
		for range 6 {
			request := httptest.NewRequest(http.MethodGet, path, nil)
			request.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: s.token})
			s.handler.ServeHTTP(httptest.NewRecorder(), request)
		}
		return path
	}},
}

// looks signs the story's citizen in with a token that lives, before a request whose data
// the source answers with err.
func (s *stage) looks(err *consent.ProviderFault) string {
	if s.source.err = nil; err != nil {
		s.source.err = err
	}
	s.live = consent.NewLiveToken("story", "cnaf_quotient_familial cnaf_enfants", consent.LiveLifetime, s.Clock.Now())
	s.signedIn()
	r := s.Pushed(s, s.Push())
	if _, err := s.Service.Identify(context.Background(), r.ID, s.Viewer); err != nil {
		s.Fatal(err)
	}
	return lookPath + r.ID
}

// lookPath opens a preview, which a form leads to, by an address.
const lookPath = "/looks/"

// looked turns the address of a story's preview into the form that leads there.
func looked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, found := strings.CutPrefix(r.URL.Path, lookPath); found {
			r = r.Clone(r.Context())
			r.Method, r.URL.Path, r.URL.RawQuery, r.Body = http.MethodPost, "/requests/"+id+"/preview", "", http.NoBody
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		next.ServeHTTP(w, r)
	})
}
