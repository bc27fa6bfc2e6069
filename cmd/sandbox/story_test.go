package main

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// The story that `make demo` tells, step by step.
func TestTheWholeStory(t *testing.T) {
	j := newJourney(t)
	arrival := j.arrive()
	j.expect("arrival", arrival, 200, "Commune de Lisière-sur-Ource", "quotient familial", "S’identifier avec FranceConnect")
	request := j.identify(arrival, "jeanne")
	j.expect("request", request, 200, "21990012300015", "cantine", "Autoriser le partage", "Refuser", "31 août 2027", "12 mois")
	done := j.submit(request, "/decision", everything())
	j.expect("done", done, 200, "C’est autorisé")
	tariff := j.click(done, "/return")
	j.expect("tariff", tariff, 200, "Tranche A", "150", "MSA", "novembre 2026", "ALEXIS", "tarification-cantine", "POST /oauth/token 200 ok")
	if sent := j.APIParticulier.Calls()[0].Query; sent.Get("recipient") != townHallSIRET || sent.Get("annee") != "2026" || sent.Get("mois") != "11" {
		t.Errorf("API Particulier was asked with recipient %s", sent.Get("recipient"))
	}

	home := j.b.Get(j.PortalURL + "/home")
	j.expect("home", home, 200, "Jeanne ROUX", "Commune de Lisière-sur-Ource", "En cours", "Données transmises")
	consent := j.click(home, "/consents/")
	withdrawn := j.submit(j.click(consent, "/withdraw"), "/withdraw", nil)
	j.expect("withdrawn", withdrawn, 200, "Retirée")

	after := j.b.Get(j.TownHallURL + "/tariff")
	j.expect("the next call", after, 200, "Nous n’avons plus accès", "GET /data/v1/quotient-familial 401 90001", "POST /oauth/token 400 invalid_grant")
	if n := len(j.APIParticulier.Calls()); n != 1 {
		t.Errorf("API Particulier was called %d times", n)
	}
	j.expect("home after", j.b.Get(j.PortalURL+"/home"), 200, "Refusée : rien n’a été transmis")
	j.expect("past consents", j.b.Get(j.PortalURL+"/consents?state=ended"), 200, "Retirée")
	j.expect("signed out", j.b.Get(j.PortalURL+"/sign-out"), 200, "Vous êtes déconnecté")
	j.expect("home, signed out", j.b.Get(j.PortalURL+"/home"), 200, "FranceConnect")
}

func TestTariffsStayUpToDateWithoutTheFamily(t *testing.T) {
	j := newJourney(t)
	tariff := j.shared("sophie")
	j.expect("tariff", tariff, 200, "Tranche C", "900")
	for month := range 3 {
		j.clock.Advance(31 * 24 * time.Hour)
		again := j.b.Get(j.TownHallURL + "/tariff")
		j.expect("renewed", again, 200, "Tranche C", []string{"décembre 2026", "janvier 2027", "février 2027"}[month])
	}
	j.expect("by hand", j.submit(j.b.Get(j.TownHallURL+"/tariff"), "/refresh", nil), 200, "Tranche C")
	j.clock.Advance(280 * 24 * time.Hour) // after 31 August
	j.expect("the end", j.b.Get(j.TownHallURL+"/tariff"), 200, "Nous n’avons plus accès")
}

func TestLessThanWasAsked(t *testing.T) {
	j := newJourney(t)
	request := j.identify(j.arrive(), "jeanne")
	done := j.submit(request, "/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}, "ends_on": {"2026-12-31"}})
	tariff := j.click(done, "/return")
	j.expect("tariff", tariff, 200, "Tranche A", `"expires_at": "2026-12-31"`)
	if strings.Contains(tariff.Body, "ALEXIS") || strings.Contains(readable(tariff.Body), `"enfants"`) {
		t.Error("the children were released")
	}
}

// Each citizen ends in a calm page at the town hall, and the portal's home says
// what happened.
func TestEveryOutcome(t *testing.T) {
	cases := map[string]struct{ page, code, home string }{
		"angela":     {"Tranche D", "", "Données transmises"},
		"pierre":     {"Tranche D", "", "Données transmises"},
		"marge":      {"Tranche A", "", "Données transmises"},
		"olivier":    {"Tranche B", "", "Données transmises"},
		"yogo":       {"Tranche D", "", "Données transmises"},
		"alexis":     {"La CAF et la MSA n’ont pas de dossier à votre nom", "23003", "pas de dossier"},
		"camille":    {"La CAF et la MSA ne vous reconnaissent pas", "35560", "n’ont pas reconnu"},
		"rene":       {"Le service des caisses est très demandé", "00429", "service occupé"},
		"noemie":     {"Le service des caisses est en maintenance", "35020", "service occupé"},
		"jean-marie": {"Le service des caisses ne répond pas", "35000", "n’a pas abouti"},
		"clement":    {"Le service des caisses ne répond pas", "35002", "pas de réponse à temps"},
	}
	for citizen, c := range cases {
		t.Run(citizen, func(t *testing.T) {
			t.Parallel()
			j := newJourney(t)
			j.expect("town hall", j.shared(citizen), 200, c.page, c.code)
			j.expect("home", j.b.Get(j.PortalURL+"/home"), 200, c.home)
		})
	}
}

func TestWaysToSayNo(t *testing.T) {
	cases := map[string]func(j *journey) string{
		"on arrival": func(j *journey) string {
			return j.find(hrefs, j.submit(j.arrive(), "/decline", nil), "/return")
		},
		"on the screen": func(j *journey) string {
			return j.find(hrefs, j.submit(j.identify(j.arrive(), "pierre"), "/decision", url.Values{"decision": {"refuse"}}), "/return")
		},
		"by letting time pass": func(j *journey) string {
			request := j.identify(j.arrive(), "pierre")
			j.clock.Advance(31 * time.Minute)
			late := j.b.Get(request.URL.String())
			j.expect("expired", late, 200, "expiré")
			return j.find(hrefs, late, "/return")
		},
	}
	for name, refuse := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJourney(t)
			j.expect("town hall", j.b.Get(refuse(j)), 200, "Vous n’avez pas partagé", "access_denied", "attestation")
			if len(j.APIParticulier.Calls()) != 0 {
				t.Error("data were asked for")
			}
		})
	}
}

func TestFranceConnectSaysNo(t *testing.T) {
	j := newJourney(t)
	arrival := j.arrive()
	list := j.click(arrival, "/sign-in")
	cancelled := j.click(list, "/abort")
	j.expect("cancelled", cancelled, 200, "FranceConnect")
	refused := j.click(j.click(cancelled, "/sign-in"), "citizen=lou")
	j.expect("refused there", refused, 400, "Y600006")
	back := j.click(refused, "/return")
	if back.Status != 400 || !strings.Contains(back.Body, "/sign-in?request=") {
		t.Errorf("back: %d %s", back.Status, readable(back.Body))
	}
	j.expect("and yet", j.identify(back, "angela"), 200, "Autoriser le partage")
}

func TestTwoTabsDoNotMix(t *testing.T) {
	j := newJourney(t)
	first, second := j.arrive(), j.arrive()
	if first.URL.Path == second.URL.Path {
		t.Fatal("the same request twice")
	}
	j.identify(first, "sophie")
	refused := j.submit(j.b.Get(second.URL.String()), "/decision", url.Values{"decision": {"refuse"}})
	allowed := j.submit(j.b.Get(first.URL.String()), "/decision", everything())
	j.expect("first tab", j.click(allowed, "/return"), 200, "Tranche C")
	j.expect("second tab", j.click(refused, "/return"), 200, "Vous n’avez pas partagé")
}

func TestTheWayBackOutlivesTheSession(t *testing.T) {
	j := newJourney(t)
	done := j.submit(j.identify(j.arrive(), "sophie"), "/decision", everything())
	j.clock.Advance(time.Hour)
	ended := j.click(done, "/return")
	j.expect("an hour later", ended, 401, "Identifiez-vous")
	again := j.click(j.click(j.click(ended, "/sign-in?request="), "citizen=sophie"), "/confirm")
	j.expect("signed in again", again, 200, "C’est autorisé")
	j.expect("town hall", j.click(again, "/return"), 200, "Tranche C")
}

// A pause is obeyed like a withdrawal, and ends when the citizen says so.
func TestAPause(t *testing.T) {
	j := newJourney(t)
	j.shared("sophie")
	page := j.click(j.b.Get(j.PortalURL+"/home"), "/consents/")
	paused := j.submit(page, "/pause", nil)
	j.expect("paused", paused, 200, "En pause", "Plus aucune transmission depuis le 24 novembre 2026 à 10:00:00")
	j.expect("the next call", j.b.Get(j.TownHallURL+"/tariff"), 200, "Nous n’avons plus accès", "401 90003")
	j.expect("home", j.b.Get(j.PortalURL+"/home"), 200, "En pause", "Refusée : rien n’a été transmis")
	j.expect("resumed", j.submit(paused, "/resume", nil), 200, "En cours")
	j.expect("and then", j.b.Get(j.TownHallURL+"/tariff"), 200, "Tranche C")
}
