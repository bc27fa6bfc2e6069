package main

import (
	"context"
	"net/url"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// refusedStories are agents whose sign-in or session ends before their page, and what an
// erasure leaves of a search.
var refusedStories = []storyOf{
	{"dpo-refused session ended", func(s *stage) string {
		r := s.queue()
		s.Clock.Advance(consent.SessionIdle)
		return s.checked("/dpo/rights/"+r.ID+"/messages", url.Values{"kind": {"answer"}, "text": {"Mes mots, écrits en quarante minutes."}})
	}},
	{"dpo-refused one factor", func(s *stage) string {
		s.agentIn.ACR = "eidas1"
		return "/dpo/sign-in"
	}},
	{"dpo-refused other authority", func(s *stage) string {
		s.comes(s.Agent(s, consent.RoleDPO)).SIRET = consenttest.Transports().SIRET
		return "/dpo/sign-in"
	}},
	{"dpo-refused other account", func(s *stage) string {
		s.comes(s.Agent(s, consent.RoleDPO)).Subject = "another"
		return "/dpo/sign-in"
	}},
	{"dpo-refused lapsed", func(s *stage) string {
		s.comes(s.Invited(s, consent.RoleDPO))
		s.Clock.Advance(consent.InvitationLifetime)
		return "/dpo/sign-in"
	}},
	{"dpo-refused revoked", func(s *stage) string {
		a := s.Agent(s, consent.RoleDPO)
		if err := s.Service.RevokeAgent(context.Background(), s.Officer(s), a.ID); err != nil {
			s.Fatal(err)
		}
		s.comes(a)
		return "/dpo/sign-in"
	}},
	{"dpo-refused cancelled", func(s *stage) string { return s.unproven(consent.SignInCancelled) }},
	{"dpo-refused unavailable", func(s *stage) string { return s.unproven(consent.SignInUnavailable) }},
	{"dpo-lookups reason erased", func(s *stage) string {
		s.lookedUp(s.asAgent(consent.RolePlatformDPO))
		if _, err := s.Service.EraseSubject(context.Background(), s.ToErase(s).ID, "agent-2"); err != nil {
			s.Fatal(err)
		}
		return "/dpo/lookups"
	}},
}

// comes is the sign-in of an agent, to be spoilt.
func (s *stage) comes(a consent.Agent) *consent.AgentSignIn {
	s.agentIn = consenttest.AgentOf(a)
	return &s.agentIn
}

// unproven is a sign-in that ProConnect ends in a way.
func (s *stage) unproven(how consent.Code) string {
	s.agentFault = consent.Refuse(how, "", "told in a story")
	return "/dpo/sign-in"
}
