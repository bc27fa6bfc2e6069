package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/ledger"
)

// account is a consent about an account, and a request about another one.
func (e *evidence) account(t *testing.T) consent.Grant {
	t.Helper()
	set := consenttest.Set(t, "statut_demandeur_emploi")
	p := e.PushOf(t, set, "inscription_france_travail")
	p.Parameters = consent.Parameters{"identifiant": "angela.dubois.62"}
	g, _ := e.Granted(t, p)
	p.Parameters = consent.Parameters{"identifiant": "angela.other.62"}
	e.Identified(t, p)
	e.settle(t)
	return g
}

func TestParametersAreSealedAndForgotten(t *testing.T) {
	e := newEvidence(t)
	g := e.account(t)
	db := plain(t, e.url)
	for _, text := range []string{"angela.", fmt.Sprintf("%x", "angela.")} { // a column of bytes is printed in hexadecimal
		if strings.Contains(dump(t, db), text) {
			t.Error("the account is in clear")
		}
	}
	sealed := column(t, db, `SELECT encode(parameters, 'hex') FROM (SELECT parameters FROM consent_grant UNION ALL SELECT parameters FROM request) AS s WHERE parameters IS NOT NULL`)
	if len(sealed) != 2 {
		t.Fatalf("%d are sealed", len(sealed))
	}
	if err := e.db.Transact(t.Context(), func(tx consent.Tx) error { return tx.ForgetSubject(t.Context(), g.Subject) }); err != nil {
		t.Fatal(err)
	}
	left := dump(t, db)
	for _, text := range sealed {
		if strings.Contains(left, text) {
			t.Error("what was sealed is still there")
		}
	}
	if n := e.number(t, `SELECT count(*) FROM consent_grant WHERE parameters_match IS NOT NULL`); n != 0 {
		t.Errorf("%d keyed hashes are still there", n)
	}
	if _, err := e.verify(t); err != nil {
		t.Errorf("the evidence does not agree with the forgetting: %v", err)
	}
}

// A request that nobody answered keeps its parameters as long as it can be answered.
func TestParametersOfAnOverdueRequestGo(t *testing.T) {
	e := newEvidence(t)
	e.account(t)
	waiting := `SELECT count(*) FROM request WHERE parameters IS NOT NULL`
	for _, want := range []int64{1, 0} {
		if err := e.db.Sweep(t.Context(), e.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if n := e.number(t, waiting); n != want {
			t.Errorf("%d, want %d", n, want)
		}
		e.Clock.Advance(consent.MaxFiling)
	}
}

// An owner of the database cannot give a consent another account.
func TestParametersAreEvidence(t *testing.T) {
	for _, edit := range []string{
		`UPDATE consent_grant SET parameters = 'x', parameters_hash = sha256('x')`,
		`UPDATE consent_grant SET parameters = NULL, parameters_hash = NULL, parameters_match = NULL`,
		`UPDATE consent_grant SET parameters = NULL, parameters_hash = sha256('x')`,
		`UPDATE consent_grant SET parameters = NULL`,
	} {
		e := newEvidence(t)
		g := e.account(t)
		want := e.number(t, `SELECT max(id) FROM ledger_entry WHERE kind <> 'decision' AND ref = '`+g.ID+`'`)
		e.tampered(t, edit)
		_, err := e.verify(t)
		if fault, ok := errors.AsType[ledger.Fault](err); !ok || fault.Entry != want {
			t.Errorf("%s: %v, want entry %d", edit, err, want)
		}
	}
	e := newEvidence(t)
	e.account(t)
	if _, err := plain(t, e.url).Exec(`UPDATE consent_grant SET parameters = 'x'`); err == nil {
		t.Error("parameters that are not those of the hash were written")
	}
}

// What is sealed for one consent does not open for another.
func TestParametersAreBoundToTheirRow(t *testing.T) {
	e := newEvidence(t)
	g := e.account(t)
	p := e.PushOf(t, consenttest.Set(t, "statut_demandeur_emploi"), "inscription_france_travail")
	p.Parameters, p.ForcePrompt = consent.Parameters{"identifiant": "second.account"}, true
	second, _ := e.Granted(t, p)
	e.tampered(t, `UPDATE consent_grant t SET parameters = s.parameters, parameters_hash = s.parameters_hash FROM consent_grant s WHERE s.id = '`+g.ID+`' AND t.id = '`+second.ID+`'`)
	if got, err := e.db.GrantParameters(t.Context(), second.Subject, second.ID); err == nil {
		t.Errorf("%d opened", len(got))
	}
}
