package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// officerStories are a data protection officer's.
var officerStories = []storyOf{
	{"dpo-people", func(s *stage) string { s.asAgent(consent.RolePlatformDPO); return "/dpo/people" }},
	{"dpo-person", func(s *stage) string { return "/dpo/people/" + s.lookedUp(s.asAgent(consent.RolePlatformDPO)).ID }},
	{"dpo-reports empty", func(s *stage) string { s.asAgent(consent.RolePlatformDPO); return "/dpo/reports" }},
	{"dpo-reports", func(s *stage) string { s.reports(); return "/dpo/reports?done=ordered" }},
	{"dpo-reports followed", func(s *stage) string { s.reports(); return "/dpo/reports?follow=1" }},
}

// lookedUp is a search that found the story's citizen.
func (s *stage) lookedUp(agent consent.Agent) consent.Lookup {
	who := consenttest.Angela().Identity
	l, err := s.Service.FindPerson(context.Background(), agent, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "demande d’accès du 3 mars")
	if err != nil {
		s.Fatal(err)
	}
	return l
}

// reports are one of each state.
func (s *stage) reports() {
	agent := s.asAgent(consent.RolePlatformDPO)
	l := s.lookedUp(agent)
	day := consent.DateOf(s.Clock.Now())
	write := map[consent.ReportState]func(context.Context, io.Writer, consent.ReportSource) error{
		consent.ReportDone: func(_ context.Context, to io.Writer, _ consent.ReportSource) error {
			_, err := io.WriteString(to, strings.Repeat("x", consent.ReportPiece))
			return err
		},
		consent.ReportFailed: func(context.Context, io.Writer, consent.ReportSource) error { return errors.New("told in a story") },
	}
	for _, state := range []consent.ReportState{consent.ReportDone, consent.ReportFailed, consent.ReportQueued} {
		s.Clock.Advance(1e9)
		if _, err := s.Service.OrderReport(context.Background(), agent, l.ID, consent.Date{}, day); err != nil {
			s.Fatal(err)
		}
		if make := write[state]; make != nil {
			_, _ = s.Service.MakeReport(context.Background(), make) // one fails, as it is told to
		}
	}
}
