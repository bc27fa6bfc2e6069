package gateway_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/portal/web/webtest"
)

// household is an answer whose every value can be told from all others.
const household = `{"data":{"quotient_familial":{"fournisseur":"CNAF","valeur":8675309,"annee":2026,"mois":11,"annee_calcul":2026,"mois_calcul":11},
	"enfants":[{"nom_naissance":"ZORGLUB","prenoms":"ODETTE","date_naissance":"2013-03-03","sexe":"F"}],
	"adresse":{"numero_libelle_voie":"9 IMPASSE DU PHARE","code_postal_ville":"29999 EXEMPLE"}},"links":{},"meta":{}}`

// A value that was released, held back, cut off or unusable is in no row of the
// database and in no line of the log; nor is who it was asked for in the log.
func TestNoValueIsKept(t *testing.T) {
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	w := worldOn(t, webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now), consenttest.NewWorldOn(t, db), db)
	i, bearer := w.issued(consent.Continuous, consent.QuotientFamilial.Groups...)
	for _, body := range []string{household, household[:len(household)-3], strings.Replace(household, `"mois":11`, `"mois":10`, 1), strings.ReplaceAll(household, `"sexe"`, `"valeur":8675309,"valeur"`)} {
		w.Clock.Advance(time.Second)
		w.upstream.Misbehave(stub.Mischief{Body: body})
		r := w.get(path, bearer)
		if held := !strings.Contains(r.raw, "8675309"); held != (body != household) {
			t.Errorf("%d %s", r.status, r.raw)
		}
	}
	w.upstream.Misbehave(stub.Mischief{Body: household})
	if lines, _ := w.batch(w.starter(w.Client), nil, many); len(lines) != 1 || len(lines[0].Data) == 0 {
		t.Errorf("a batch: %+v", lines)
	}
	w.upstream.Misbehave(stub.Mischief{Body: household})
	w.Clock.Advance(time.Second)
	paper := w.prove("pdf", path, bearer)
	if !strings.Contains(paper.raw, "8675309") || w.says(paper.Meta.Code, map[int]string{3: "8 675 309"}) != consent.Agrees {
		t.Errorf("no paper of it: %s", paper.raw)
	}
	w.upstream.Misbehave(stub.Mischief{Body: household, Before: func() {
		if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, i.Grant.ID, consent.Unsaid); err != nil {
			t.Error(err)
		}
	}})
	w.Clock.Advance(time.Second)
	if r := w.get(path, bearer); r.code() != "90001" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	for where, text := range map[string]string{"the database": dump(t, url), "the log": w.log.String()} {
		for _, value := range []string{"8675309", "8\u202f675\u202f309", "ZORGLUB", "ODETTE", "2013-03-03", "IMPASSE", "29999", paper.Meta.Code, strings.ReplaceAll(paper.Meta.Code, "-", ""), paper.Meta.Signed} {
			if strings.Contains(text, value) {
				t.Errorf("%s is in %s", value, where)
			}
		}
	}
	if strings.Contains(w.log.String(), "DUBOIS") || !strings.Contains(dump(t, url), "released") {
		t.Error("the log names the citizen, or the database was not looked at")
	}
}

// dump is every row of every table as text.
func dump(t *testing.T, url string) string {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	for _, table := range column(t, db, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`) {
		for _, row := range column(t, db, fmt.Sprintf(`SELECT t::text FROM %q t`, table)) {
			out.WriteString(row + "\n")
		}
	}
	return out.String()
}

func column(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}
