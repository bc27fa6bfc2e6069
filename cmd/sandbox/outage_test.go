package main

import (
	"net/http"
	"net/url"
	"testing"
)

// The database goes away in the middle of the story: everybody is told in their
// own words, nothing is half-written, and no data leave.
func TestTheDatabaseGoes(t *testing.T) {
	j := newJourney(t, func(cfg *worldConfig) { cfg.DatabaseURL = "" })
	access, refresh := j.token("sophie")
	request := j.arrive() // signed in already
	calls := len(j.APIParticulier.Calls())
	if err := j.cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	j.expect("the form", j.submit(request, "/decision", everything()), 503, "Votre dernière action n’est peut-être pas enregistrée")
	j.expect("home", j.b.Get(j.PortalURL+"/home"), 503)
	j.expect("a page that is not there", j.b.Get(j.PortalURL+"/nowhere"), 404, "Page introuvable", "Numéro d’incident")
	english := j.b.Clone()
	english.Header.Set("Accept-Language", "en")
	j.expect("in English", english.Get(j.PortalURL+"/home"), 503, "Your last action may not be recorded")
	j.expect("alive", j.b.Get(j.PortalURL+"/healthz"), 200)
	j.expect("not ready", j.b.Get(j.PortalURL+"/readyz"), 503)
	for what, got := range map[string]int{
		"refresh": first(j.post("/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})),
		"data":    first(j.get("/data/v1/quotient-familial", access)),
	} {
		if got != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", what, got)
		}
	}
	if len(j.APIParticulier.Calls()) != calls {
		t.Error("data were asked for without a record")
	}
}

func first(status int, _ map[string]any) int { return status }
