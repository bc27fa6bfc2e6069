package consenttest

import (
	"testing"

	"portail.example/consent"
)

func decisions(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	_, allowed := w.Granted(t, w.Push())
	w.Clock.Advance(1e9)
	refused := w.Identified(t, w.PushOnce())
	answer := w.Allow(refused)
	answer.Allow = false
	_, err := w.Service.Decide(background, answer)
	must(t, err)
	subject := w.Viewer.Subject
	list, err := s.Decisions(background, subject, consent.Decision{}, 10)
	must(t, err)
	if len(list) != 2 {
		t.Fatalf("%d decisions", len(list))
	}
	want := consent.Decision{
		ID: list[1].ID, RequestID: allowed.ID, ClientID: w.Client.ID, Subject: subject, Allowed: true, Groups: allowed.Details.Groups,
		EndsOn: allowed.Details.EndsOn, Statement: Statement(), ACR: "eidas1", AuthTime: Start, At: Start,
	}
	same(t, list[1], want)
	same(t, []any{list[0].RequestID, list[0].Allowed, len(list[0].Groups)}, []any{refused.ID, false, 0})
	byID, err := s.Decision(background, subject, want.ID)
	must(t, err)
	same(t, byID, want)
	byRequest, err := s.DecisionOn(background, subject, allowed.ID)
	must(t, err)
	same(t, byRequest, want)
	rest, err := s.Decisions(background, subject, list[0], 10)
	must(t, err)
	same(t, rest, list[1:])
	requests, err := s.Requests(background, subject, consent.Request{}, 10)
	must(t, err)
	same(t, []string{requests[0].ID, requests[1].ID}, []string{refused.ID, allowed.ID})
	older, err := s.Requests(background, subject, requests[0], 10)
	must(t, err)
	same(t, older, requests[1:])
	_, err = s.Decision(background, "somebody-else", want.ID)
	isNotFound(t, "another's decision", err)
	_, err = s.DecisionOn(background, "somebody-else", allowed.ID)
	isNotFound(t, "another's answer", err)
}
