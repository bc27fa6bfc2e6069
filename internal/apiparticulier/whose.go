package apiparticulier

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"portail.example/consent"
)

var (
	errParameters = errors.New("apiparticulier: what was given with the request is missing")
	errWhose      = errors.New("apiparticulier: the answer does not tell whom it is about")
	errNotTheirs  = errors.New("apiparticulier: what was given is somebody else's, or nobody's")
)

type asker func(ctx context.Context, q call) (consent.ProviderAnswer, error)

// theirs makes a call and lets through only what is about the citizen: where the provider
// finds a person by a number or an account, whoever typed it may have been wrong, or lied.
func (c *Client) theirs(ctx context.Context, q consent.Question, ours call, ask asker) (consent.ProviderAnswer, error) {
	whose := q.DataSet.Upstream.Whose
	if whose == nil {
		return ask(ctx, ours)
	}
	if whose.Path != "" {
		first := ours
		first.path, first.set, first.whose = whose.Path, consent.DataSet{Type: ours.set.Type}, whose
		if _, err := told(ctx, q, first, ask); err != nil {
			return consent.ProviderAnswer{}, err
		}
		ours.turn = nil // it was for one call
		return ask(ctx, ours)
	}
	ours.whose = whose
	return told(ctx, q, ours, ask)
}

// told is an answer about the citizen. Somebody else's number and nobody's are refused
// alike: whoever asks is not told which are taken.
func told(ctx context.Context, q consent.Question, call call, ask asker) (consent.ProviderAnswer, error) {
	answer, err := ask(ctx, call)
	if fault := consent.FaultOf(err); fault != nil && fault.Outcome == consent.NoFile {
		err = notTheirs(fault.RequestID)
	}
	if err == nil {
		err = match(answer, q.Who)
	}
	if err != nil {
		return consent.ProviderAnswer{}, err
	}
	return answer, nil
}

// match fails unless an answer is about the citizen.
func match(answer consent.ProviderAnswer, who consent.PivotIdentity) error {
	switch {
	case answer.About == consent.Person{}:
		return unusable(answer.RequestID, errWhose)
	case !answer.About.Is(who):
		return notTheirs(answer.RequestID)
	}
	return nil
}

func notTheirs(requestID string) error {
	return &consent.ProviderFault{Outcome: consent.NotIdentified, Status: http.StatusUnprocessableEntity, RequestID: requestID, Err: errNotTheirs}
}

// about is the person that an answer names; zero when it names nobody.
func about(whose consent.Whose, data map[string]json.RawMessage) consent.Person {
	return consent.Person{FamilyName: textAt(data, whose.FamilyName), GivenName: textAt(data, whose.GivenName), Birthdate: textAt(data, whose.Birthdate)}
}

// textAt is the text under keys with dots between them; empty when there is none.
func textAt(data map[string]json.RawMessage, keys string) (text string) {
	key, rest, deeper := strings.Cut(keys, ".")
	if !deeper {
		_ = json.Unmarshal(data[key], &text)
		return text
	}
	var inner map[string]json.RawMessage
	_ = json.Unmarshal(data[key], &inner)
	return textAt(inner, rest)
}
