package consenttest

import (
	"maps"
	"testing"

	"portail.example/consent"
)

// pushAbout is a push for a data set that asks for parameters, with others than the
// examples where given says so.
func (w *World) pushAbout(t *testing.T, given consent.Parameters, groups ...consent.DataGroup) consent.Push {
	t.Helper()
	set := Set(t, "statut_demandeur_emploi")
	p := w.PushOf(t, set, groups...)
	p.Details.Purpose, p.Details.Access = "aides-sociales-facultatives", consent.Continuous
	w.Client.Retention = map[string]int{p.Details.Purpose: 12}
	must(t, w.Store.(StoreWithClients).PutClient(background, w.Client))
	p.Client = w.Client
	if given != nil {
		p.Parameters = given
	}
	return p
}

const (
	registered = consent.DataGroup("inscription_france_travail")
	lives      = consent.DataGroup("adresse_france_travail")
)

// parameters are sealed with the request, then bound to the consent, and to no other.
func parameters(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	plain, _ := w.Granted(t, w.Push())
	p := w.pushAbout(t, nil, registered)
	r := w.Identified(t, p)
	if got, err := s.RequestParameters(background, r.ID); err != nil || !maps.Equal(got, p.Parameters) {
		t.Errorf("with the request: %d, %v", len(got), err)
	}
	r, err := w.Service.Decide(background, w.Allow(r))
	must(t, err)
	if got, err := s.RequestParameters(background, r.ID); err != nil || len(got) != 0 {
		t.Errorf("after the answer: %d, %v", len(got), err)
	}
	if got, err := s.GrantParameters(background, w.Viewer.Subject, r.GrantID); err != nil || !maps.Equal(got, p.Parameters) {
		t.Errorf("with the consent: %d, %v", len(got), err)
	}
	if got, err := s.GrantParameters(background, w.SignIn(t, Pierre()), r.GrantID); err != nil || got != nil {
		t.Errorf("for somebody else: %d, %v", len(got), err)
	}
	if got, err := s.GrantParameters(background, plain.Subject, plain.ID); err != nil || got != nil {
		t.Errorf("of a consent about nothing more: %d, %v", len(got), err)
	}
}

// parametersRefused: a refusal leaves nothing of them.
func parametersRefused(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	answer := w.Allow(w.Identified(t, w.pushAbout(t, nil, registered)))
	answer.Allow = false
	r, err := w.Service.Decide(background, answer)
	must(t, err)
	if got, err := s.RequestParameters(background, r.ID); err != nil || len(got) != 0 {
		t.Errorf("after a refusal: %d, %v", len(got), err)
	}
}

// parametersTellApart: a consent about one account answers no question about another, and
// is replaced by none.
func parametersTellApart(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	other := consent.Parameters{"identifiant": "somebody.else"}
	first := w.Issued(t, w.pushAbout(t, nil, registered)).Grant
	if r := w.Identified(t, w.pushAbout(t, nil, registered)); r.GrantID != first.ID {
		t.Errorf("the same question is put again: %s", r.Status)
	}
	r := w.Identified(t, w.pushAbout(t, other, registered))
	if held, err := w.Service.Held(background, r); err != nil || r.Status != consent.RequestIdentified || len(held.Groups) != 0 {
		t.Errorf("another account: %s, %v, %v", r.Status, held.Groups, err)
	}
	w.Issued(t, w.pushAbout(t, other, registered, lives))
	w.stands(t, first, consent.GrantActive, "a larger consent about another account came")
	w.Issued(t, w.pushAbout(t, nil, registered, lives))
	w.stands(t, first, consent.GrantMerged, "a larger consent about the same account came")
}

func (w *World) stands(t *testing.T, g consent.Grant, want consent.GrantStatus, when string) {
	t.Helper()
	now, err := w.Store.Grant(background, g.Subject, g.ID)
	must(t, err)
	if now.Status != want {
		t.Errorf("%s, and the first is %s", when, now.Status)
	}
}

// parametersForgotten: they go with their citizen.
func parametersForgotten(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.pushAbout(t, nil, registered))
	waiting := w.Identified(t, w.pushAbout(t, consent.Parameters{"identifiant": "somebody.else"}, registered))
	inTx(t, s, func(tx consent.Tx) error { return tx.ForgetSubject(background, g.Subject) })
	if got, err := s.GrantParameters(background, g.Subject, g.ID); err != nil || got != nil {
		t.Errorf("of the consent: %d, %v", len(got), err)
	}
	if got, err := s.RequestParameters(background, waiting.ID); err != nil || len(got) != 0 {
		t.Errorf("of the request: %d, %v", len(got), err)
	}
}
