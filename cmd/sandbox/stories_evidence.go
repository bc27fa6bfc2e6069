package main

import (
	"context"
	"fmt"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
)

// evidenceStories are an auditor's.
var evidenceStories = []storyOf{
	{"dpo-evidence empty", func(s *stage) string { s.asAgent(consent.RoleAuditor); return "/dpo/evidence" }},
	{"dpo-evidence", func(s *stage) string { s.verified(); return "/dpo/evidence?done=asked" }},
	{"dpo-evidence followed", func(s *stage) string { s.verified(); return "/dpo/evidence?follow=1" }},
	{"dpo-checkpoints", func(s *stage) string { s.placed(); return "/dpo/evidence/checkpoints" }},
	{"dpo-checkpoints problem", func(s *stage) string { s.placed(); return "/dpo/evidence/checkpoints?day=yesterday" }},
	{"dpo-consistency", func(s *stage) string { s.placed(); return "/dpo/evidence/consistency" }},
	{"dpo-consistency proved", func(s *stage) string { return fmt.Sprintf("/dpo/evidence/consistency?from=%d", s.placed()) }},
	{"dpo-consistency problem", func(s *stage) string { s.placed(); return "/dpo/evidence/consistency?from=1&to=x" }},
	{"dpo-entries", func(s *stage) string {
		s.placed()
		return "/dpo/evidence/entries?kind=" + string(consent.EntryDecision)
	}},
	{"dpo-entries none", func(s *stage) string { s.placed(); return "/dpo/evidence/entries?kind=" + string(consent.EntryPurge) }},
	{"dpo-entries problem", func(s *stage) string { s.placed(); return "/dpo/evidence/entries?number=first" }},
	{"dpo-entry", func(s *stage) string { s.placed(); return "/dpo/evidence/entries/1" }},
	{"dpo-entry waiting", func(s *stage) string { s.asAgent(consent.RoleAuditor); return "/dpo/evidence/entries/1" }},
}

// evidence reads the ledger of the story.
func (s *stage) evidence() *ledger.Inspector {
	if s.ledger == nil {
		s.ledger = consenttest.NewEvidence(s.Memory)
	}
	return ledger.NewInspector(s.ledger, s.ledger.Signer.PublicKey(), s.Clock.Now)
}

// placed is a ledger with two checkpoints, before an auditor; it returns the size of
// the first.
func (s *stage) placed() int64 {
	s.Granted(s, s.Push())
	s.sequence()
	first := int64(len(s.Memory.Ledger()))
	s.Clock.Advance(1e9)
	s.asAgent(consent.RoleAuditor)
	s.Granted(s, s.PushOnce())
	s.sequence()
	return first
}

func (s *stage) sequence() {
	if err := s.ledger.Sequence(s.Clock.Now()); err != nil {
		s.Fatal(err)
	}
}

// verified is a ledger with a verification that agreed, one that did not, and one that
// waits.
func (s *stage) verified() {
	s.placed()
	auditor := consent.Agent{Role: consent.RoleAuditor}
	for _, before := range []func(){func() {}, func() { s.ledger.Spoil(2) }, nil} {
		s.Clock.Advance(60e9)
		if _, err := s.evidence().AskVerification(context.Background(), auditor); err != nil {
			s.Fatal(err)
		}
		if before == nil {
			return
		}
		before()
		if _, _, err := s.evidence().Verify(context.Background()); err != nil {
			s.Fatal(err)
		}
	}
}
