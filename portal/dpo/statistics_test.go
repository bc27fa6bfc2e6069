package dpo_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

const ofTownHall = "authority=21990012300015"

// counts are the cells of a figure in a file, by month; of any data unless named.
func counts(rows [][]string, figure, purpose, data string) map[string]string {
	out := map[string]string{}
	for _, row := range rows {
		if row[3] == figure && row[4] == purpose && row[5] == data {
			out[row[2]] = row[6]
		}
	}
	return out
}

// What six citizens did is counted, what one did is hidden, on the page and in the files.
func TestStatisticsTellOnlyWhatManyDid(t *testing.T) {
	w := newWorld(t)
	w.Month(t, 6)
	b := w.agent(consent.RoleDPO)
	rows := table(t, b.Get(w.base+"/dpo/statistics.csv").Body)
	for _, c := range []struct{ figure, purpose, data, want string }{
		{"Demandes", "", "", "6"}, {"Autorisations données", "", "", "6"}, {"Refus", "", "", "0"}, {"Retraits", "", "", "masqué"},
		{"Consultations abouties", "", "", "6"}, {"Consultations abouties", "tarif de cantine", "", "6"},
		{"Consultations abouties", "tarif de cantine", "Identité des enfants à charge", "6"}, {"Consultations abouties", "tarif de cantine", "Adresse du foyer", "0"},
		{"Consultations abouties", "carte famille nombreuse", "", "0"},
	} {
		got := counts(rows, c.figure, c.purpose, c.data)
		if len(got) != 12 || got["2026-11"] != c.want || got["2026-10"] != "0" {
			t.Errorf("%+v: %v", c, got)
		}
	}
	page := b.Get(w.base + "/dpo/statistics")
	for _, want := range []string{"Total\u00a0: 6<", "Total\u00a0: masqué<", `<td>masqué</td>`, `class="portal-unknown"`, `role="img"`, "novembre 2026"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(page.Body, "style=") || strings.Contains(page.Body, "décembre 2026") {
		t.Error("a style, or the month under way, is on the page")
	}
}

func TestStatisticsForPrograms(t *testing.T) {
	w := newWorld(t)
	w.Month(t, 6)
	var document struct {
		Format    string
		Threshold int
		Figures   []struct {
			SIRET, Month, Figure, Purpose, Data string
			Count                               *int
		}
	}
	b := w.agent(consent.RoleAuditor)
	if err := json.Unmarshal([]byte(b.Get(w.base+"/dpo/statistics.json?from=2026-11&to=2026-11").Body), &document); err != nil {
		t.Fatal(err)
	}
	told := map[string]*int{}
	for _, f := range document.Figures {
		if f.SIRET == string(consenttest.TownHall().SIRET) && f.Purpose == "" && f.Month == "2026-11" {
			told[f.Figure] = f.Count
		}
	}
	if document.Threshold != 5 || len(told) != 5 || told["withdrawals"] != nil || told["grants"] == nil || *told["grants"] != 6 {
		t.Errorf("got %+v", document)
	}
	if !strings.Contains(b.Get(w.base+"/dpo/statistics.json").Body, "21990014900010") {
		t.Error("an editor's authority is missing")
	}
}

// Whoever sees all authorities chooses one; an officer sees their own and no other.
func TestWhoseStatistics(t *testing.T) {
	w := newWorld(t)
	all, own := w.agent(consent.RolePlatformDPO), w.agent(consent.RoleDPO)
	for name, c := range map[string]struct {
		got    string
		titled string
		status int
	}{
		"the list":             {"/dpo/statistics", "Statistiques", http.StatusOK},
		"one":                  {"/dpo/statistics?authority=21990013100018", "Statistiques d’une administration", http.StatusOK},
		"one that is not":      {"/dpo/statistics?authority=21990015700013", "", http.StatusNotFound},
		"no SIRET":             {"/dpo/statistics?authority=x", "", http.StatusNotFound},
		"a month that is none": {"/dpo/statistics?from=hier&" + ofTownHall, "Statistiques d’une administration", http.StatusUnprocessableEntity},
		"out of order":         {"/dpo/statistics?from=2026-08&to=2026-05&" + ofTownHall, "Statistiques d’une administration", http.StatusUnprocessableEntity},
		"in a file":            {"/dpo/statistics.csv?from=hier", "", http.StatusBadRequest},
	} {
		got := all.Get(w.base + c.got)
		if got.Status != c.status || c.titled != "" && !strings.Contains(got.Body, "<h1>"+c.titled+"</h1>") {
			t.Errorf("%s: %d\n%s", name, got.Status, got.Body)
		}
	}
	for path, want := range map[string]int{
		"/dpo/statistics": 200, "/dpo/statistics?" + ofTownHall: 200, "/dpo/statistics?authority=21990013100018": 403,
		"/dpo/statistics.csv?authority=21990013100018": 403, "/dpo/statistics.json?authority=21990013100018": 403,
	} {
		if got := own.Get(w.base + path); got.Status != want || strings.Contains(got.Body, "Syndicat") {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	rows := table(t, own.Get(w.base+"/dpo/statistics.csv").Body)
	if slices.ContainsFunc(rows[1:], func(r []string) bool { return r[0] != "21990012300015" }) {
		t.Error("another authority is in the officer's file")
	}
}

// A call under a withdrawn consent is pointed out, counted on the home page, and names
// nobody.
func TestUnusualUseIsPointedOut(t *testing.T) {
	w := newWorld(t)
	calm := w.agent(consent.RoleDPO).Get(w.base + "/dpo/alerts")
	if !strings.Contains(calm.Body, "Rien d’inhabituel") {
		t.Error(calm.Body)
	}
	w.Month(t, 1)
	w.Clock.Set(consenttest.Start)
	w.Viewer.Browser = "again"
	b := w.agent(consent.RoleAuditor)
	if home := b.Get(w.base + "/dpo"); !strings.Contains(home.Body, "À regarder\u00a0: 1 administration") {
		t.Error(home.Body)
	}
	got := b.Get(w.base + "/dpo/alerts")
	if !strings.Contains(got.Body, "Appels sous une autorisation retirée\u00a0: moins de 5") || !strings.Contains(got.Body, "Commune de Lisière-sur-Ource") || strings.Contains(got.Body, "MARTIN") {
		t.Error(got.Body)
	}
}
