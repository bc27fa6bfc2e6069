package main

import (
	"context"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// measureStories are what is frozen or stopped, on both sides.
var measureStories = []storyOf{
	{"measures", func(s *stage) string { s.frozen(); s.stopped(); s.signedIn(); return "/my-data/measures" }},
	{"measures of a newcomer", func(s *stage) string { s.signedIn(); return "/my-data/measures" }},
	{"measures lifting asked", func(s *stage) string {
		s.liftingAsked()
		s.signedIn()
		return "/my-data/measures?done=asked"
	}},
	{"object", func(s *stage) string {
		g, _ := s.Granted(s, s.Push())
		s.signedIn()
		return "/my-data/measures/object?administration=" + g.ClientID + "~" + string(g.Details.Recipient)
	}},
	{"object to all", func(s *stage) string { s.signedIn(); return "/my-data/measures/object?administration=all" }},
	{"consent frozen", func(s *stage) string {
		g, _ := s.Granted(s, s.Push())
		s.frozen()
		s.signedIn()
		return "/consents/" + g.ID
	}},
	{"home frozen", func(s *stage) string { s.frozen(); s.stopped(); s.signedIn(); return "/home" }},
	{"request stopped", func(s *stage) string {
		s.signedIn()
		s.stopped()
		return "/requests/" + s.Pushed(s, s.Push()).ID
	}},
	{"right lifting announced", func(s *stage) string {
		m := s.announced()
		s.signedIn()
		return "/my-data/requests/" + m.RightsID
	}},
	{"dpo-measures to accept", func(s *stage) string {
		s.Granted(s, s.Push())
		r, err := s.Service.AskRight(context.Background(), s.Viewer.Subject, consent.RightRestriction, "Mon quotient est faux, merci de ne rien envoyer.")
		if err != nil {
			s.Fatal(err)
		}
		s.present(s.Officer(s))
		return "/dpo/rights/" + r.ID + "/measures"
	}},
	{"dpo-right asks for lifting", func(s *stage) string { r := s.liftingAsked(); s.present(s.Officer(s)); return "/dpo/rights/" + r.ID }},
	{"dpo-measures lifting asked", func(s *stage) string {
		r := s.liftingAsked()
		s.present(s.Officer(s))
		return "/dpo/rights/" + r.ID + "/measures"
	}},
	{"right asks for lifting", func(s *stage) string { r := s.liftingAsked(); s.signedIn(); return "/my-data/requests/" + r.ID }},
	{"measures lifting refused", func(s *stage) string {
		r := s.liftingAsked()
		text := "Bonjour,\n\nVotre caisse n’a pas encore corrigé votre quotient familial.\n\nVous pouvez vous adresser à la CNIL (cnil.fr)."
		if err := s.Service.WriteRight(context.Background(), s.Officer(s), r.ID, consent.RightsRefusal, text); err != nil {
			s.Fatal(err)
		}
		s.signedIn()
		return "/my-data/measures"
	}},
	{"dpo-measures in force", func(s *stage) string {
		m := s.frozen()
		s.stopped()
		s.present(s.Officer(s))
		return "/dpo/rights/" + m.RightsID + "/measures"
	}},
	{"dpo-measures to lift", func(s *stage) string {
		m := s.announced()
		s.Clock.Advance(consent.LiftNotice)
		s.present(s.Officer(s))
		return "/dpo/rights/" + m.RightsID + "/measures"
	}},
}

// frozen is a restriction of everything.
func (s *stage) frozen() consent.Measure {
	s.Granted(s, s.Push())
	return s.Restricted(s, consent.Party{})
}

// liftingAsked is the request to lift a restriction of everything.
func (s *stage) liftingAsked() consent.RightsRequest {
	m := s.frozen()
	s.Clock.Advance(time.Minute)
	if err := s.Service.AskLifting(context.Background(), m.Subject, m.ID); err != nil {
		s.Fatal(err)
	}
	asked, err := s.Service.RightsRequests(context.Background(), m.Subject)
	if err != nil {
		s.Fatal(err)
	}
	return asked[0]
}

// stopped is an objection to the town hall.
func (s *stage) stopped() {
	s.Identified(s, s.Push())
	if _, err := s.Service.Object(context.Background(), s.Viewer.Subject, consenttest.TownHallParty()); err != nil {
		s.Fatal(err)
	}
}

// announced is a restriction whose end its citizen was told.
func (s *stage) announced() consent.Measure {
	m := s.frozen()
	if err := s.Service.AnnounceLifting(context.Background(), s.Officer(s), m.RightsID, m.ID, "Bonjour,\n\nVotre caisse a corrigé votre quotient familial."); err != nil {
		s.Fatal(err)
	}
	return m
}
