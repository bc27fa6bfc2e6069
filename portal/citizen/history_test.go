package citizen_test

import (
	"context"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// used gives the world's citizen a consent with two consultations.
func (w *world) used() consent.Grant {
	w.t.Helper()
	issued := w.Issued(w.t, w.Push())
	for _, outcome := range []consent.Outcome{consent.Released, consent.NoFile} {
		w.Clock.Advance(time.Minute)
		access, err := w.Service.AuthorizeAccess(context.Background(), w.Call(issued))
		if err == nil {
			err = w.Service.CompleteAccess(context.Background(), access.Access, outcome, "")
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return issued.Grant
}

func TestTheHistoryTellsWhatHappenedMonthByMonth(t *testing.T) {
	w := newWorld(t)
	g := w.used()
	w.Clock.Advance(10 * 24 * time.Hour)
	if _, err := w.Service.Withdraw(context.Background(), g.Subject, g.ID, ""); err != nil {
		t.Fatal(err)
	}
	b := w.signedIn(0)
	page := b.Get(w.base + "/history")
	expect(t, "history", page, 200, "36 derniers mois, depuis le 4 décembre 2023", "décembre 2026", "Vous avez retiré l’autorisation",
		"novembre 2026", "Données transmises", "pas de dossier", "Vous avez autorisé le partage", "Demande reçue",
		"2 consultations en tout. Le plus en un mois : 2, en novembre 2026.", `href="/consents/`+g.ID, `role="img"`, "<rect")
	if december, november := strings.Index(page.Body, "Vous avez retiré"), strings.Index(page.Body, "Demande reçue"); december > november {
		t.Error("the oldest comes first")
	}
	if n := strings.Count(page.Body, `<th scope="row">`); n != 37 {
		t.Errorf("%d months in the table", n)
	}
	if regexp.MustCompile(`<[^>]* style=`).MatchString(page.Body) {
		t.Error("a style the policy forbids")
	}
	for _, path := range []string{"/home", "/consents"} {
		expect(t, path, b.Get(w.base+path), 200, `href="/history"`)
	}
}

var (
	olderLink = regexp.MustCompile(`href="(/history\?[^"]+)">Page suivante`)
	newerLink = regexp.MustCompile(`href="(/history\?[^"]+)">Page précédente`)
)

func TestTheHistoryIsReadPageByPage(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(20) // a request and a choice each
	first := b.Get(w.base + "/history?administration=mairie-lisiere~21990012300015&from=2026-11-01")
	second := follow(w, b, first, olderLink)
	if n, m := strings.Count(first.Body, "<li><p><strong>"), strings.Count(second.Body, "<li><p><strong>"); n != 30 || m != 10 {
		t.Errorf("%d then %d things that happened", n, m)
	}
	expect(t, "second", second, 200, `value="mairie-lisiere~21990012300015" selected`, `value="2026-11-01"`)
	back := follow(w, b, second, newerLink)
	if newerLink.MatchString(back.Body) || newerLink.MatchString(first.Body) || olderLink.MatchString(second.Body) {
		t.Error("the ends are not where they are")
	}
	for _, place := range []string{"after=x", "before=AAAA", "after=MTc5NTUxMDgwMDAwMDAwMC45LmtleQ"} {
		expect(t, place, b.Get(w.base+"/history?"+place), 400)
	}
}

func TestTheHistoryIsFilteredByWhatItOffers(t *testing.T) {
	w := newWorld(t)
	w.used()
	b := w.signedIn(0)
	for query, want := range map[string]string{
		"administration=mairie-lisiere~21990012300015": "Données transmises",
		"administration=nobody":                        "Rien ne correspond à votre choix",
		"from=2026-11-24&to=2026-11-24":                "Demande reçue",
		"from=2026-11-25":                              "Rien ne correspond à votre choix",
		"to=2026-11-23":                                "Rien ne correspond à votre choix",
		"from=0001-01-01&to=9999-12-31":                "Demande reçue",
		"administration=&from=&to=":                    "Demande reçue",
	} {
		expect(t, query, b.Get(w.base+"/history?"+query), 200, want)
	}
	for _, query := range []string{"page=2", "from=2026-01-01&from=2026-01-02"} {
		expect(t, query, b.Get(w.base+"/history?"+query), 400)
	}
}

func TestDaysThatCannotBeReadComeBackAsTyped(t *testing.T) {
	w := newWorld(t)
	w.used()
	b := w.signedIn(0)
	for query, want := range map[string][]string{
		"from=hier":                     {`value="hier"`, `href="#from"`, `id="from-error"`, "n’est pas un jour du calendrier"},
		"to=2026-02-30":                 {`value="2026-02-30"`, `href="#to"`, `id="to-error"`, "n’est pas un jour du calendrier"},
		"from=a&to=b":                   {`value="a"`, "«\u00a0a\u00a0» n’est", "«\u00a0b\u00a0» n’est", `value="b"`, `href="#from"`, `href="#to"`},
		"from=2026-11-24&to=2026-11-23": {`value="2026-11-23"`, `href="#to"`, "Le dernier jour vient avant le premier"},
		"from=%22%3E%3Cscript%3E":       {`value="&#34;&gt;&lt;script&gt;"`},
	} {
		page := b.Get(w.base + "/history?administration=mairie-lisiere~21990012300015&" + query)
		expect(t, query, page, 422, append(want, "Vérifiez les dates", `value="mairie-lisiere~21990012300015" selected`)...)
		if strings.Contains(page.Body, "Demande reçue") {
			t.Errorf("%s: other days than those typed are shown", query)
		}
	}
}

func TestTheHistoryIsTheCitizensOwn(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/history", "/history.csv"} {
		if a := webtest.NewBrowser(t).Get(w.base+path, webtest.Stop); a.Status == 200 {
			t.Errorf("%s is shown to nobody in particular", path)
		}
	}
	b := w.signedIn(0)
	expect(t, "nothing yet", b.Get(w.base+"/history"), 200, "Rien ne s’est passé pour l’instant")
}

func TestTheHistoryIsTakenAwayAsATable(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(60)
	w.used()
	answer := b.Get(w.base + "/history.csv?from=2026-11-01")
	if answer.Status != 200 || answer.Header.Get("Content-Disposition") != `attachment; filename="historique.csv"` || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/csv; charset=utf-8") {
		t.Fatalf("%d %v", answer.Status, answer.Header)
	}
	text, marked := strings.CutPrefix(answer.Body, "\ufeff")
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || !marked || len(rows) != 1+2*60+4 {
		t.Fatalf("%d rows, mark %v: %v", len(rows), marked, err)
	}
	want := []string{"2026-11-24 10:03:00", "Consultation", "Commune de Lisière-sur-Ource", "tarif de cantine", "Votre quotient familial, Vos enfants", "2026-11", "Rien transmis\u00a0: pas de dossier à la CAF ni à la MSA ce mois-là"}
	for i, cell := range want {
		if rows[0][0] != "Quand (heure de Paris)" || rows[1][i] != cell {
			t.Errorf("%q, want %q", rows[1], want)
			break
		}
	}
	for _, query := range []string{"from=hier", "to=x", "after=x"} {
		refused := b.Get(w.base + "/history.csv?" + query)
		if refused.Status != 400 || refused.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %v", query, refused.Status, refused.Header)
		}
	}
}
