package main

import (
	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// givenStories are about what finds a person or a pupil beside the civil status, and
// tells two consents apart.
var givenStories = []storyOf{
	{"request about a pupil", func(s *stage) string { return s.asked("statut_eleve") }},
	{"request about an account", func(s *stage) string { return s.asked("statut_demandeur_emploi") }},
	{"home about two pupils", func(s *stage) string { s.pupils(); return "/home" }},
	{"consents about two pupils", func(s *stage) string { s.pupils(); return "/consents" }},
	{"consent about a pupil", func(s *stage) string { return "/consents/" + s.pupils().ID }},
	{"withdraw about a pupil", func(s *stage) string { return "/consents/" + s.pupils().ID + "/withdraw" }},
}

// pupils are consents about two children, and a question about a third.
func (s *stage) pupils() (last consent.Grant) {
	push := func(name string) consent.Push {
		p := s.PushOf(s, consenttest.Set(s, "statut_eleve"), "bourse_eleve", "echelon_bourse_eleve")
		p.Parameters["prenoms"] = name
		return p
	}
	for _, name := range []string{"ROBERT", "HENRY"} {
		last, _ = s.Granted(s, push(name))
	}
	s.Identified(s, push("JULIE"))
	s.signedIn()
	return last
}
