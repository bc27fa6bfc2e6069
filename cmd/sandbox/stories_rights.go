package main

import (
	"context"
	"net/url"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/held"
)

// rightsStories are what citizens ask of the officer, on both sides.
var rightsStories = []storyOf{
	{"dpo-home due", func(s *stage) string { s.queue(); return "/dpo" }},
	{"dpo-rights", func(s *stage) string { s.queue(); return "/dpo/rights" }},
	{"dpo-rights empty", func(s *stage) string { s.asAgent(consent.RolePlatformDPO); return "/dpo/rights" }},
	{"dpo-rights refused", func(s *stage) string { s.closed(); return "/dpo/rights?state=refused" }},
	{"dpo-right", func(s *stage) string { return "/dpo/rights/" + s.queue().ID }},
	{"dpo-right template", func(s *stage) string { return "/dpo/rights/" + s.queue().ID + "?template=refusal&lang=en" }},
	{"dpo-right resumed", func(s *stage) string {
		page := "/dpo/rights/" + s.queue().ID
		left := consent.Draft{Page: page, Sent: true, Form: url.Values{"kind": {"answer"}, "text": {"Mes mots, écrits en quarante minutes."}}, At: s.Clock.Now()}
		if err := s.Memory.KeepAgentDraft(context.Background(), s.agentToken, left); err != nil {
			s.Fatal(err)
		}
		return page
	}},
	{"dpo-right closed", func(s *stage) string { return "/dpo/rights/" + s.closed().ID + "?done=written" }},
	{"dpo-holds", func(s *stage) string {
		r := s.queue()
		if _, err := s.Service.SetHold(context.Background(), consent.Hold{Subject: r.Subject, Reason: "dossier 2026-12 du tribunal", SetBy: "astreinte"}); err != nil {
			s.Fatal(err)
		}
		return "/dpo/rights/" + r.ID + "/holds"
	}},
	{"dpo-erasures empty", func(s *stage) string { s.asAgent(consent.RolePlatformDPO); return "/dpo/erasures" }},
	{"dpo-erasures asked", func(s *stage) string { s.queue(); return "/dpo/erasures" }},
	{"dpo-erasures waiting", func(s *stage) string { s.proposed(); return "/dpo/erasures?done=asked" }},
	{"dpo-erasures operator", func(s *stage) string { s.proposed(); s.asAgent(consent.RoleOperator); return "/dpo/erasures" }},
	{"dpo-erasures erased", func(s *stage) string { s.asAgent(consent.RoleOperator); return "/dpo/erasures?done=erased" }},
	{"dpo-erasure mine", func(s *stage) string { return "/dpo/erasures/" + s.proposed().ID }},
	{"dpo-erasure to approve", func(s *stage) string {
		s.Granted(s, s.Push())
		e := s.proposed()
		s.asAgent(consent.RoleOperator)
		return "/dpo/erasures/" + e.ID
	}},
	{"dpo-enter", func(s *stage) string { return "/dpo/rights/new?lookup=" + s.found().ID }},
	{"right", func(s *stage) string { r := s.queue(); s.signedIn(); return "/my-data/requests/" + r.ID }},
	{"right closed", func(s *stage) string { r := s.closed(); s.signedIn(); return "/my-data/requests/" + r.ID }},
	{"rights answered", func(s *stage) string { s.closed(); s.signedIn(); return "/my-data/ask" }},
	{"text", func(s *stage) string {
		_, r := s.Granted(s, s.Push())
		d, err := s.Store.DecisionOn(context.Background(), r.Subject, r.ID)
		if err != nil {
			s.Fatal(err)
		}
		return "/texts/" + held.HashOf(d.Statement)
	}},
	{"request again", func(s *stage) string {
		s.signedIn()
		before := s.Allow(s.Identified(s, s.Push()))
		before.Statement.Version = 0 // older than any
		if _, err := s.Service.Decide(context.Background(), before); err != nil {
			s.Fatal(err)
		}
		return "/requests/" + s.Pushed(s, s.Push()).ID
	}},
	{"home answered", func(s *stage) string { s.closed(); s.signedIn(); return "/home" }},
}

// queue has a request that is late, one that is urgent and one that is neither; it
// returns the first.
func (s *stage) queue() consent.RightsRequest {
	var list []consent.RightsRequest
	for i, right := range []consent.Right{consent.RightErasure, consent.RightRectification, consent.RightAccess} {
		r, err := s.Service.AskRight(context.Background(), s.Viewer.Subject, right, "Bonjour,\nMerci de vous occuper de mon dossier.")
		if err != nil {
			s.Fatal(err)
		}
		list = append(list, r)
		s.Clock.Advance([]time.Duration{27, 26, 0}[i] * 24 * time.Hour)
	}
	s.asAgent(consent.RolePlatformDPO)
	return list[0]
}

// closed is a request that was extended and refused.
func (s *stage) closed() consent.RightsRequest {
	r, err := s.Service.AskRight(context.Background(), s.Viewer.Subject, consent.RightErasure, "")
	if err != nil {
		s.Fatal(err)
	}
	officer := s.asAgent(consent.RolePlatformDPO)
	for _, kind := range []consent.RightsMessageKind{consent.RightsExtension, consent.RightsRefusal} {
		s.Clock.Advance(time.Minute)
		text := "Bonjour,\n\nVotre dossier sert de preuve dans une affaire en cours.\n\nVous pouvez vous adresser à la CNIL (cnil.fr)."
		if err := s.Service.WriteRight(context.Background(), officer, r.ID, kind, text); err != nil {
			s.Fatal(err)
		}
	}
	return r
}

// found is a search that found the story's citizen a moment ago.
func (s *stage) found() consent.Lookup {
	who := consenttest.Angela().Identity
	search := consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}
	l, err := s.Service.FindPerson(context.Background(), s.asAgent(consent.RolePlatformDPO), search, "Lettre du 20 novembre")
	if err != nil {
		s.Fatal(err)
	}
	return l
}

// proposed is an erasure that the platform's officer proposed a moment ago.
func (s *stage) proposed() consent.Erasure {
	r, err := s.Service.AskRight(context.Background(), s.Viewer.Subject, consent.RightErasure, "")
	if err != nil {
		s.Fatal(err)
	}
	e, err := s.Service.ProposeErasure(context.Background(), s.asAgent(consent.RolePlatformDPO), r.ID)
	if err != nil {
		s.Fatal(err)
	}
	return e
}
