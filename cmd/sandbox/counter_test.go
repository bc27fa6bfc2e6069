package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// atCounter is an agent's screen that waits for Angela.
func (j *journey) atCounter(agent *webtest.Browser) (screen webtest.Answer, address string) {
	j.t.Helper()
	screen = agent.Post(j.TownHallURL+"/counter", url.Values{
		"family_name": {"Dubois"}, "given_name": {"angéla"}, "birthdate": {"1962-08-24"}, "gender": {"female"}, "birthplace": {"75107"}, "birthcountry": {"99100"},
	})
	j.expect("the agent's screen", screen, 200, "En attente de la réponse", "Cet écran avance tout seul")
	_, rest, _ := strings.Cut(screen.Body, `class="address">`)
	address, _, _ = strings.Cut(rest, "<")
	if !strings.HasPrefix(address, j.PortalURL+"/requests/") || !strings.Contains(screen.Body, `src="data:image/svg`) {
		j.t.Fatalf("no code on the screen, or no address: %q", address)
	}
	return screen, address
}

// The citizen scans the code and answers on their own phone; the agent touches
// nothing, and their screen shows the tariff.
func TestTheAgentsScreenMovesOn(t *testing.T) {
	j := newJourney(t)
	agent := webtest.NewBrowser(t)
	screen, address := j.atCounter(agent)
	again := func() webtest.Answer {
		j.clock.Advance(consent.PollInterval)
		return agent.Get(j.TownHallURL + "/counter/answer")
	}
	if screen.Header.Get("Refresh") != "6" || again().Header.Get("Refresh") != "6" {
		t.Error("the screen does not ask again by itself")
	}
	request := j.identify(j.b.Get(address), "angela")
	j.expect("the phone", request, 200, "Autoriser le partage")
	j.expect("meanwhile", again(), 200, "En attente de la réponse")
	j.submit(request, "/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}})
	moved := again()
	j.expect("the agent's screen, afterwards", moved, 200, "Votre tarif de cantine", "Tranche")
	if moved.Header.Get("Refresh") != "" {
		t.Error("it goes on asking")
	}
}

func TestTheAgentReadsARefusal(t *testing.T) {
	j := newJourney(t)
	agent := webtest.NewBrowser(t)
	_, address := j.atCounter(agent)
	j.submit(j.identify(j.b.Get(address), "angela"), "/decision", url.Values{"decision": {"refuse"}})
	j.clock.Advance(consent.PollInterval)
	j.expect("the agent's screen", agent.Get(j.TownHallURL+"/counter/answer"), http.StatusOK, "n’est pas partagé", "access_denied")
}
