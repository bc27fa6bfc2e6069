package main

import (
	"net/url"
	"strings"
	"testing"
)

// pushedAbout is the address of a question about an account, asked by the transports
// authority for one release.
func (j *journey) pushedAbout(account string) string {
	return j.pushedWith(url.Values{
		"authorization_details": {`[{"type":"statut_demandeur_emploi","datatypes":["inscription_france_travail"],"purpose":"tarification-solidaire-transports","recipient":"` +
			transportSIRET + `","access":"once","parameters":{"identifiant":"` + account + `"}}]`},
	})
}

// The person who grants has an account at France Travail; the others are somebody else's
// and nobody's. The consent before, which was not used up, is withdrawn each time.
func TestAnAccountFromTheQuestionToTheRelease(t *testing.T) {
	j := newJourney(t)
	for _, c := range []struct {
		account string
		status  int
	}{{"marge.simpson", 422}, {"no.account", 422}, {"angela.dubois", 422}, {"olivier.lons", 200}} {
		query := j.play("granted", j.pushedAbout(c.account), "")
		_, issued := j.post("/oauth/token", redemption(query.Get("code")))
		access, _ := issued["access_token"].(string)
		status, body := j.get("/data/v1/statut-demandeur-emploi", access)
		if status != c.status || status != 200 && errorCode(body) != "35560" {
			t.Errorf("%s: %d %v", c.account, status, body)
		}
		if text := strings.Join(query["code"], "") + query.Encode(); strings.Contains(text, c.account) {
			t.Errorf("%s is in the address", c.account)
		}
	}
}
