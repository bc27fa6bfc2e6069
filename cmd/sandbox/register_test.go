package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// In the demo's world, on PostgreSQL: what a family did is in the figures of its
// commune once the month is over, hidden because it is one family; the call after the
// withdrawal is pointed out; no name is anywhere.
func TestTheRegisterAndFiguresOfTheDemo(t *testing.T) {
	j := newJourney(t)
	j.shared("jeanne")
	j.submit(j.click(j.click(j.b.Get(j.PortalURL+"/home"), "/consents/"), "/withdraw"), "/withdraw", nil)
	j.b.Get(j.TownHallURL + "/tariff") // is refused

	officer, _ := j.agentAt("marc", townHallSIRET)
	home := officer.Get(j.PortalURL + "/dpo")
	j.expect("home", home, http.StatusOK, "À regarder : 1 administration")
	alerts := officer.Get(j.PortalURL + "/dpo/alerts")
	j.expect("alerts", alerts, http.StatusOK, "Appels sous une autorisation retirée : moins de 5")
	j.expect("another's", officer.Get(j.PortalURL+"/dpo/statistics?authority="+transportSIRET), http.StatusForbidden, "Cela relève d’un autre organisme")

	j.clock.Advance(8 * 24 * time.Hour)
	officer, _ = j.agentAt("marc", townHallSIRET)
	file := officer.Get(j.PortalURL + "/dpo/statistics.csv?from=2026-11&to=2026-11")
	for _, want := range []string{
		townHallSIRET + ";Commune de Lisière-sur-Ource;2026-11;Autorisations données;;;masqué", ";2026-11;Retraits;;;masqué", ";2026-11;Refus;;;0",
		";2026-11;Consultations abouties;tarif de cantine;;masqué",
	} {
		if !strings.Contains(file.Body, want) {
			t.Errorf("%q is not in\n%s", want, file.Body)
		}
	}
	auditor, _ := j.agentAt("hugo", operatorSIRET)
	for _, path := range []string{"/dpo/register", "/dpo/register.csv", "/dpo/register.json", "/dpo/statistics", "/dpo/statistics.json", "/dpo/alerts"} {
		got := auditor.Get(j.PortalURL + path)
		if got.Status != http.StatusOK || strings.Contains(strings.ToUpper(got.Body), "JEANNE") || strings.Contains(strings.ToUpper(got.Body), "ROUX") {
			t.Errorf("%s: %d\n%s", path, got.Status, got.Body)
		}
	}
	register := auditor.Get(j.PortalURL + "/dpo/register")
	j.expect("register", register, http.StatusOK, "Commune de Lisière-sur-Ource", "Syndicat des transports de la Source", "Transferts hors de l’Union européenne (e)")
}
