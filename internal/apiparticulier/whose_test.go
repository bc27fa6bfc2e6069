package apiparticulier_test

import (
	"errors"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	stub "portail.example/internal/sandbox/apiparticulier"
)

// unemployed is a client with the rights to France Travail's data, or to some.
func unemployed(t *testing.T, scopes ...string) *world {
	t.Helper()
	w := newWorld(t)
	w.stub = stub.New(stub.Config{Now: w.clock.Now, Tokens: map[string]stub.Habilitation{habilitation: {Scopes: scopes}}})
	server := httptest.NewServer(w.stub)
	t.Cleanup(server.Close)
	w.Client = w.client(server.URL, habilitation)
	return w
}

func account(t *testing.T, typ, name string) consent.Question {
	return consent.Question{DataSet: consenttest.Set(t, typ), Who: consenttest.Angela().Identity, Recipient: recipient, Parameters: consent.Parameters{"identifiant": name}}
}

const (
	statusPath   = "/v3/france_travail/statut/identifiant"
	paymentsPath = "/v3/france_travail/indemnites/identifiant"
)

func (w *world) called(t *testing.T, want ...string) {
	t.Helper()
	calls := w.stub.Calls()
	for i, call := range calls {
		if i >= len(want) || call.Path != want[i] || call.Query.Get("identifiant") == "" || call.Query.Has("nomNaissance") {
			t.Errorf("call %d: %s %v", i, call.Path, call.Query)
		}
	}
	if len(calls) != len(want) {
		t.Errorf("%d calls", len(calls))
	}
}

func TestAnAccountsDataAreTheCitizensOwn(t *testing.T) {
	for typ, paths := range map[string][]string{"statut_demandeur_emploi": {statusPath}, "paiements_france_travail": {statusPath, paymentsPath}} {
		t.Run(typ, func(t *testing.T) {
			w := unemployed(t, "pole_emploi_identite", "pole_emploi_inscription", "pole_emploi_paiements")
			answer, err := w.Ask(t.Context(), account(t, typ, "angela.dubois"))
			if _, told := answer.Data["identite"]; err != nil || len(answer.Data) != 1 || told {
				t.Errorf("%d keys, %v", len(answer.Data), err)
			}
			w.called(t, paths...)
		})
	}
}

// Somebody else's account, and one that nobody has: the data are not even asked for where
// another operation tells whose it is.
func TestAnotherPersonsAccountGivesNothing(t *testing.T) {
	for _, typ := range []string{"statut_demandeur_emploi", "paiements_france_travail"} {
		for name, want := range map[string]consent.Outcome{"marge.simpson": consent.NotIdentified, "nobody": consent.NotIdentified} {
			t.Run(typ+" "+name, func(t *testing.T) {
				w := unemployed(t, "pole_emploi_identite", "pole_emploi_inscription", "pole_emploi_paiements")
				answer, err := w.Ask(t.Context(), account(t, typ, name))
				if len(answer.Data) != 0 || fault(t, err).Outcome != want {
					t.Errorf("%d keys, %v", len(answer.Data), err)
				}
				w.called(t, statusPath)
			})
		}
	}
}

// Two data sets about one account at the same time are two answers, though one operation
// is called for both.
func TestTwoDataSetsOfOneAccountShareNoAnswer(t *testing.T) {
	w := unemployed(t, "pole_emploi_identite", "pole_emploi_inscription", "pole_emploi_paiements")
	both := make(chan struct{})
	w.stub.Misbehave(stub.Mischief{Times: 1, Before: func() { <-both }})
	var first, second consent.ProviderAnswer
	var firstErr, secondErr error
	var callers sync.WaitGroup
	callers.Go(func() { first, firstErr = w.Ask(t.Context(), account(t, "paiements_france_travail", "angela.dubois")) })
	for len(w.stub.Calls()) == 0 {
		runtime.Gosched()
	}
	callers.Go(func() { second, secondErr = w.Ask(t.Context(), account(t, "statut_demandeur_emploi", "angela.dubois")) })
	for len(w.stub.Calls()) < 2 {
		runtime.Gosched()
	}
	close(both)
	callers.Wait()
	if firstErr != nil || len(first.Data["paiements"]) == 0 {
		t.Errorf("payments: %d keys, %v", len(first.Data), firstErr)
	}
	if secondErr != nil && consent.FaultOf(secondErr).Outcome != consent.Busy || secondErr == nil && len(second.Data["inscription"]) == 0 {
		t.Errorf("status: %d keys, %v", len(second.Data), secondErr)
	}
}

// A habilitation without the right to the identity cannot be used for it.
func TestAnAnswerThatDoesNotTellWhoseItIsGivesNothing(t *testing.T) {
	for _, typ := range []string{"statut_demandeur_emploi", "paiements_france_travail"} {
		w := unemployed(t, "pole_emploi_inscription", "pole_emploi_paiements")
		answer, err := w.Ask(t.Context(), account(t, typ, "angela.dubois"))
		if len(answer.Data) != 0 || fault(t, err).Outcome != consent.Failed {
			t.Errorf("%s: %d keys, %v", typ, len(answer.Data), err)
		}
	}
}

func TestWithoutWhatWasGivenNobodyIsAsked(t *testing.T) {
	for _, given := range []consent.Parameters{nil, {}, {"identifiant": ""}} {
		w := unemployed(t, "pole_emploi_identite", "pole_emploi_inscription")
		q := account(t, "statut_demandeur_emploi", "")
		q.Parameters = given
		if _, err := w.Ask(t.Context(), q); fault(t, err).Outcome != consent.Failed || len(w.stub.Calls()) != 0 {
			t.Errorf("%d calls, %v", len(w.stub.Calls()), err)
		}
	}
}

// A batch asks under the same rule.
func TestABatchIsToldWhoseTheAnswerIs(t *testing.T) {
	w := unemployed(t, "pole_emploi_identite", "pole_emploi_inscription")
	for name, theirs := range map[string]bool{"angela.dubois": true, "marge.simpson": false} {
		q := account(t, "statut_demandeur_emploi", name)
		turn, err := w.Batch().Turn(t.Context(), q.DataSet, recipient)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := turn.Ask(t.Context(), q)
		turn.Done()
		if got := err == nil && len(answer.Data) > 0; got != theirs {
			t.Errorf("%s: %v", name, err)
		}
		if told := consent.FaultOf(err); !theirs && (told == nil || errors.Is(err, consent.Unavailable)) {
			t.Error(err)
		}
	}
}

// The pupil is asked for in the place of whoever decides for them.
func TestAPupilIsAskedForByTheirOwnCivilStatus(t *testing.T) {
	w := unemployed(t, "men_statut_boursier")
	set := consenttest.Set(t, "statut_eleve")
	given := consenttest.ParametersOf(set)
	given["nom"] = "Mercier "
	answer, err := w.Ask(t.Context(), consent.Question{DataSet: set, Who: consenttest.Angela().Identity, Recipient: recipient, Parameters: given})
	if err != nil || string(answer.Data["est_boursier"]) != "true" {
		t.Errorf("%d keys, %v", len(answer.Data), err)
	}
	sent := w.stub.Calls()[0].Query
	if sent.Get("nomNaissance") != "Mercier" || len(sent["prenoms[]"]) != 1 || sent.Get("moisDateNaissance") != "5" || sent.Has("codeCogInseePaysNaissance") {
		t.Errorf("%v", sent)
	}
}
