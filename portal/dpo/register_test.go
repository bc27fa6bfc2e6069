package dpo_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// table reads one of our CSV files.
func table(t *testing.T, body string) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// All letters of article 30(1), of each administration and purpose.
func TestTheRegisterSaysWhatArticle30Asks(t *testing.T) {
	w := newWorld(t)
	b := w.agent(consent.RoleAuditor)
	got := b.Get(w.base + "/dpo/register")
	if got.Status != http.StatusOK {
		t.Fatal(got.Status)
	}
	for _, want := range []string{
		"Opérateur, 1 place de l’Exemple", "dpo@portail.example", // (a), of the portal
		"Commune de Lisière-sur-Ource, SIRET 219\u00a0900\u00a0123\u00a000015", "dpo@lisiere.example", // (a)
		"tarif de cantine", "Code de l&#39;éducation", // (b)
		"membres de son foyer", "Identité des enfants à charge", // (c)
		"Portail famille",    // (d)
		"hors de l’Union",    // (e)
		"12 mois", "36 mois", // (f)
		"Mesures de sécurité (g)",                                 // (g)
		"Logiciels Enfance (éditeur de logiciel)", "article 30-2", // 30(2)
	} {
		if !strings.Contains(got.Body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	rows := table(t, b.Get(w.base+"/dpo/register.csv").Body)
	if len(rows) != 1+2+1+2 { // TownHall's two, Transports', one of each that delegated
		t.Errorf("%d rows: %v", len(rows), rows)
	}
	var document struct {
		Operator   struct{ Name string }
		Kept       []struct{ Record string }
		Processing []struct {
			Controller struct{ SIRET string }
			Purpose    string
			Data       []string
			Stopped    bool
		}
	}
	if err := json.Unmarshal([]byte(b.Get(w.base+"/dpo/register.json").Body), &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Processing) != 5 || len(document.Kept) != len(consent.RetentionRules()) || document.Operator.Name != operator.Name {
		t.Errorf("got %+v", document)
	}
	if first := document.Processing[0]; first.Controller.SIRET != string(consenttest.TownHall().SIRET) || first.Purpose != "tarification-cantine" || len(first.Data) != 4 || first.Stopped {
		t.Errorf("got %+v", first)
	}
}

// An authority's officer reads that authority's lines, in every form.
func TestAnOfficerReadsTheirOwnAuthoritysRegister(t *testing.T) {
	w := newWorld(t)
	b := w.agent(consent.RoleDPO)
	for _, path := range []string{"/dpo/register", "/dpo/register.csv", "/dpo/register.json"} {
		got := b.Get(w.base + path)
		if !strings.Contains(got.Body, "Commune de Lisière-sur-Ource") || strings.Contains(got.Body, "Syndicat") || strings.Contains(got.Body, "Valbois") {
			t.Errorf("%s: %d\n%s", path, got.Status, got.Body)
		}
	}
	if got := b.Get(w.base + "/dpo/register?after=21990013100018&client=transports-source"); strings.Contains(got.Body, "Valbois") {
		t.Errorf("from another place:\n%s", got.Body)
	}
}

// A suspended registration is shown as stopped, a purpose that was lost is not shown.
func TestTheRegisterFollowsTheRegistration(t *testing.T) {
	w := newWorld(t)
	changed := consenttest.TownHall()
	changed.Suspended, changed.Retention = true, map[string]int{"tarification-cantine": 6}
	if err := w.Memory.PutClient(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	rows := table(t, w.agent(consent.RoleDPO).Get(w.base+"/dpo/register.csv").Body)
	if len(rows) != 2 || rows[1][8] != "6" || !strings.HasPrefix(rows[1][13], "Arrêté") {
		t.Errorf("got %v", rows)
	}
}

func TestTheRegisterGoesOnPageByPage(t *testing.T) {
	w := newWorld(t)
	for n := range 120 { // one in ten is a SIRET
		number, err := consent.ParseSIRET(fmt.Sprintf("300000000%05d", n))
		if err != nil {
			continue
		}
		d := consenttest.Delegated()[0]
		d.SIRET, d.LegalName = number, "Commune nombreuse"
		if err := w.Memory.PutDelegation(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	b := w.agent(consent.RoleOperator)
	first := b.Get(w.base + "/dpo/register")
	next := regexp.MustCompile(`href="(/dpo/register\?[^"]+)"`).FindStringSubmatch(first.Body)
	if next == nil {
		t.Fatal("there is no next page")
	}
	second := b.Get(w.base + html.UnescapeString(next[1]))
	if n := strings.Count(first.Body, "<section") + strings.Count(second.Body, "<section"); n != 16 || strings.Contains(second.Body, "Opérateur, 1 place") {
		t.Errorf("%d bodies on two pages\n%s", n, second.Body)
	}
	for _, bad := range []string{"?after=x&client=y", "?after=21990013100018&client=%20", "?client=x"} {
		if got := b.Get(w.base + "/dpo/register" + bad); got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, got.Status)
		}
	}
}
