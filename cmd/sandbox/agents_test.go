package main

import (
	"net/http"
	"strings"
	"testing"

	"portail.example/portal/web/webtest"
)

// agentAt signs an agent in through ProConnect's stand-in, in a browser of their own.
func (j *journey) agentAt(key, siret string) (*webtest.Browser, webtest.Answer) {
	j.t.Helper()
	b := webtest.NewBrowser(j.t)
	start := b.Get(j.PortalURL + "/dpo")
	choice := b.Get(j.find(hrefs, start, "/dpo/sign-in"))
	return b, b.Get(j.find(hrefs, choice, "choose?agent="+key+"&siret="+siret))
}

// Each agent of the demo meets what the tour says of them.
func TestEachAgentOfTheDemo(t *testing.T) {
	j := newJourney(t)
	for _, c := range []struct {
		key, siret string
		status     int
		title      string
	}{
		{"claire", operatorSIRET, 200, "Mon espace d’agent"},
		{"marc", townHallSIRET, 200, "Mon espace d’agent"},
		{"nadia", operatorSIRET, 200, "Mon espace d’agent"},
		{"hugo", operatorSIRET, 200, "Mon espace d’agent"},
		{"lea", transportSIRET, 200, "Mon espace d’agent"},
		{"lea", townHallSIRET, 403, "Cela relève d’un autre organisme"},
		{"irene", townHallSIRET, 403, "Votre accès a été retiré"},
		{"paul", townHallSIRET, 403, "Il manque un second facteur"},
		{"zoe", townHallSIRET, 403, "Vous n’êtes pas inscrit"},
	} {
		_, got := j.agentAt(c.key, c.siret)
		if got.Status != c.status || !strings.Contains(got.Body, "<h1>"+c.title+"</h1>") {
			t.Errorf("%s: %d\n%s", c.key, got.Status, got.Body)
		}
	}
}

// The agent who chose the wrong authority leaves ProConnect and chooses again; without
// that, ProConnect would bring them back for the same one.
func TestChoosingAnotherAuthority(t *testing.T) {
	j := newJourney(t)
	b, refused := j.agentAt("lea", townHallSIRET)
	left := b.Get(j.find(hrefs, refused, "/dpo/sign-out"))
	if left.URL.Path != "/dpo/signed-out" || left.Status != http.StatusOK {
		t.Fatalf("sent to %s: %d", left.URL, left.Status)
	}
	choice := b.Get(j.PortalURL + "/dpo/sign-in")
	home := b.Get(j.find(hrefs, choice, "choose?agent=lea&siret="+transportSIRET))
	if home.URL.Path != "/dpo" || !strings.Contains(home.Body, "Léa BERTIN") {
		t.Fatalf("at %s: %d", home.URL, home.Status)
	}
	out := b.Get(j.PortalURL + "/dpo/sign-out")
	if out.URL.Path != "/dpo/signed-out" {
		t.Errorf("signed out to %s", out.URL)
	}
	if again := b.Get(j.PortalURL + "/dpo/agents"); again.Status != http.StatusUnauthorized {
		t.Errorf("afterwards: %d", again.Status)
	}
}

// A citizen and an agent in one browser do not disturb each other.
func TestACitizenAndAnAgentInOneBrowser(t *testing.T) {
	j := newJourney(t)
	b, _ := j.agentAt("claire", operatorSIRET)
	j.b = b
	j.identify(b.Get(j.PortalURL), "angela")
	if home := b.Get(j.PortalURL + "/home"); home.Status != http.StatusOK || strings.Contains(home.Body, "DELORME") {
		t.Errorf("the citizen's home: %d", home.Status)
	}
	if agents := b.Get(j.PortalURL + "/dpo/agents"); agents.Status != http.StatusOK || strings.Contains(agents.Body, "DUBOIS") {
		t.Errorf("the agent's page: %d", agents.Status)
	}
	b.Get(j.PortalURL + "/sign-out")
	if agents := b.Get(j.PortalURL + "/dpo/agents"); agents.Status != http.StatusOK {
		t.Errorf("after the citizen left: %d", agents.Status)
	}
}
