package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
	"portail.example/portal/dpo"
	"portail.example/portal/web"
)

// agentStories are the pages of agents, from the entrance to the way out.
var agentStories = []storyOf{
	{"dpo-start", func(*stage) string { return "/dpo" }},
	{"dpo-home", func(s *stage) string { s.asAgent(consent.RolePlatformDPO); return "/dpo" }},
	{"dpo-home auditor", func(s *stage) string { s.asAgent(consent.RoleAuditor); return "/dpo" }},
	{"dpo-agents", func(s *stage) string { s.registered(); return "/dpo/agents" }},
	{"dpo-agents invited", func(s *stage) string { s.registered(); return "/dpo/agents?done=invited" }},
	{"dpo-agents lapsed", func(s *stage) string {
		s.Invited(s, consent.RoleDPO)
		s.Clock.Advance(consent.InvitationLifetime)
		s.asAgent(consent.RolePlatformDPO)
		return "/dpo/agents"
	}},
	{"dpo-revoke", func(s *stage) string { return "/dpo/agents/" + string(s.registered().ID) + "/revoke" }},
	{"dpo-lookups", func(s *stage) string { s.searched(); return "/dpo/lookups" }},
	{"dpo-lookups empty", func(s *stage) string { s.asAgent(consent.RolePlatformDPO); return "/dpo/lookups" }},
	{"dpo-register", func(s *stage) string { s.asAgent(consent.RoleAuditor); return "/dpo/register" }},
	{"dpo-register own", func(s *stage) string { s.asAgent(consent.RoleDPO); return "/dpo/register" }},
	{"dpo-authorities", func(s *stage) string { s.asAgent(consent.RoleAuditor); return "/dpo/statistics" }},
	{"dpo-statistics", func(s *stage) string { s.Month(s, 6); s.asAgent(consent.RoleDPO); return "/dpo/statistics" }},
	{"dpo-statistics problem", func(s *stage) string { s.asAgent(consent.RoleDPO); return "/dpo/statistics?from=2026-09&to=2026-05" }},
	{"dpo-alerts", func(s *stage) string {
		s.Month(s, 1)
		s.Clock.Set(consenttest.Start)
		s.asAgent(consent.RoleAuditor)
		return "/dpo/alerts"
	}},
	{"dpo-alerts empty", func(s *stage) string { s.asAgent(consent.RoleAuditor); return "/dpo/alerts" }},
	{"dpo-signed-out", func(*stage) string { return "/dpo/signed-out" }},
	{"dpo-refused nobody", func(*stage) string { return "/dpo/agents" }},
	{"dpo-refused role", func(s *stage) string { s.asAgent(consent.RoleDPO); return "/dpo/agents" }},
	{"dpo-refused unknown", func(*stage) string { return "/dpo/sign-in" }},
	{"dpo-refused answer", func(*stage) string { return "/dpo/callback" }},
}

// asAgent puts an agent of a role before the page.
func (s *stage) asAgent(role consent.Role) consent.Agent {
	a := s.Agent(s, role)
	s.present(a)
	return a
}

// present puts an agent before the page.
func (s *stage) present(a consent.Agent) {
	session := consent.AgentSession{Agent: a, CreatedAt: s.Clock.Now(), SeenAt: s.Clock.Now()}
	token, err := s.Memory.OpenAgentSession(context.Background(), session)
	if err != nil {
		s.Fatal(err)
	}
	s.agentToken = token
}

// registered is a register with an agent in each state; it returns one who waits.
func (s *stage) registered() consent.Agent {
	ended := s.Agent(s, consent.RoleOperator)
	if err := s.Service.RevokeAgent(context.Background(), consent.Console(), ended.ID); err != nil {
		s.Fatal(err)
	}
	s.asAgent(consent.RolePlatformDPO)
	return s.Invited(s, consent.RoleDPO)
}

// searched is a register of two searches, one of which found nobody.
func (s *stage) searched() {
	officer := s.Agent(s, consent.RoleDPO)
	for _, found := range []error{nil, consent.Refuse(consent.NotFound, "", "nobody")} {
		find := func(context.Context, consent.Reader, consent.Scope) (consent.SubjectID, error) {
			return s.Viewer.Subject, found
		}
		reason := "Demande d’accès reçue par courrier, " + strings.Repeat("numéro 2026-117, ", 5)
		if _, err := s.Service.LookUp(context.Background(), officer, consent.LookupByIdentity, reason, find); consent.CodeOf(err) != consent.CodeOf(found) {
			s.Fatal(err)
		}
	}
	s.asAgent(consent.RolePlatformDPO)
}

// enterAgent gives the visitor's browser the story's agent session, or takes the last
// one's.
func (s *stage) enterAgent(w http.ResponseWriter) {
	cookie := http.Cookie{Name: dpo.SessionCookie, Value: s.agentToken, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.agentToken == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, &cookie)
}

// agentPages is the agents' room of a story.
func (s *stage) agentPages(site *web.Site) *dpo.Room {
	operator := export.Operator{Name: storyOperator.Name, Address: storyOperator.Address, DPO: storyOperator.DPO}
	return dpo.New(dpo.Config{Service: s.Service, Site: site, ProConnect: agentShortcut{s}, Sessions: s.Memory, Evidence: s.evidence(), Operator: operator, Now: s.Clock.Now})
}

// agentShortcut signs the story's agent in without a page, a stranger unless it says so.
type agentShortcut struct{ s *stage }

func (agentShortcut) Begin(context.Context) (consent.AgentAttempt, string, error) {
	state := consent.NewID()
	return consent.AgentAttempt{State: state}, "/dpo/callback?" + url.Values{"state": {state}}.Encode(), nil
}

func (c agentShortcut) Complete(context.Context, consent.AgentAttempt, url.Values) (consent.AgentSignIn, error) {
	return c.s.agentIn, c.s.agentFault
}

func (agentShortcut) EndSessionURL(context.Context, string, string) (string, error) {
	return "/dpo/signed-out", nil
}
