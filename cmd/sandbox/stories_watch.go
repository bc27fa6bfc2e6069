package main

import (
	"context"
	"encoding/json"
	"time"

	"portail.example/consent"
)

// watchStories are about the monthly look at a value.
var watchStories = []storyOf{
	{"request watched", func(s *stage) string {
		s.signedIn()
		return "/requests/" + s.Pushed(s, s.watching()).ID
	}},
	{"request watched, shared without already", func(s *stage) string {
		s.Granted(s, s.Push())
		s.signedIn()
		return "/requests/" + s.Pushed(s, s.watching()).ID
	}},
	{"reduce watched", func(s *stage) string { return "/consents/" + s.looked().ID + "/reduce" }},
	{"consent watched", func(s *stage) string { return "/consents/" + s.looked().ID }},
	{"history watched", func(s *stage) string { s.looked(); return "/history" }},
}

// watching is a push of a town hall that wishes to be told of changes.
func (s *stage) watching() consent.Push {
	s.Client.Watch = true
	if err := s.Memory.PutClient(context.Background(), s.Client); err != nil {
		s.Fatal(err)
	}
	return s.PushWatched()
}

// looked is a consent that was looked at in two months; in the second, the fund was
// late once.
func (s *stage) looked() consent.Grant {
	g, _ := s.Granted(s, s.watching())
	late := true
	s.look(func(q consent.Question) (consent.ProviderAnswer, error) {
		return consent.ProviderAnswer{Data: map[string]json.RawMessage{q.DataSet.Month: []byte(`{"valeur":1}`)}, Period: q.Period}, nil
	})
	s.Clock.Set(time.Date(2026, time.December, 10, 3, 0, 0, 0, time.UTC))
	for range 2 {
		s.look(func(q consent.Question) (consent.ProviderAnswer, error) {
			if late {
				late = false
				return consent.ProviderAnswer{}, &consent.ProviderFault{Outcome: consent.TimedOut}
			}
			return consent.ProviderAnswer{Data: map[string]json.RawMessage{q.DataSet.Month: []byte(`{"valeur":2}`)}, Period: q.Period}, nil
		})
		s.Clock.Advance(24 * time.Hour)
	}
	s.signedIn()
	return g
}

func (s *stage) look(answer func(consent.Question) (consent.ProviderAnswer, error)) {
	turn := func(context.Context, consent.DataSet, consent.SIRET) (consent.WatchAsk, func(), error) {
		return func(_ context.Context, q consent.Question) (consent.ProviderAnswer, error) { return answer(q) }, func() {}, nil
	}
	if _, err := s.Service.LookForChanges(context.Background(), turn, s.Clock.Now().Add(time.Hour)); err != nil {
		s.Fatal(err)
	}
}
