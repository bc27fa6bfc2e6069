package dpo_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// wanted is a search for the world's citizen, with changes.
func wanted(changes ...string) url.Values {
	who := consenttest.Angela().Identity
	form := url.Values{"family_name": {who.FamilyName}, "birthdate": {who.Birthdate}, "reason": {"demande d’accès du 3 mars"}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// Each refusal of a search says what to mend, keeps what was typed, and shows nobody.
func TestASearchThatIsMended(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	for _, given := range []string{"Pierre", "Paul"} {
		namesake := consenttest.Pierre()
		namesake.Subject, namesake.Identity.GivenNames = given, []string{given}
		w.SignIn(t, namesake)
	}
	for name, c := range map[string]struct {
		form  url.Values
		field string
		words string
	}{
		"a name alone":        {wanted("birthdate", ""), "birthdate", "trop large"},
		"a birth date alone":  {wanted("family_name", "-"), "family_name", "trop large"},
		"a malformed date":    {wanted("birthdate", "24/08/1962"), "birthdate", "n’est pas une date"},
		"a day that is none":  {wanted("birthdate", "1962-02-30"), "birthdate", "n’est pas une date"},
		"a reason too short":  {wanted("reason", "accès"), "reason", "de 10 à 500"},
		"nobody":              {wanted("family_name", "INCONNUE"), "family_name", "Personne ne répond"},
		"a number of nothing": {wanted("number", consent.NewID()), "number", "Ce numéro"},
		"another given name":  {wanted("given_name", "Berthe"), "family_name", "Personne ne répond"},
		"two of this name":    {wanted("family_name", "MARTIN", "birthdate", "1987-06-27"), "given_name", "Plusieurs personnes"},
	} {
		got := platform.Post(w.base+"/dpo/people", c.form)
		w.says(name, got, http.StatusUnprocessableEntity, "dpo.people.title")
		if !strings.Contains(got.Body, `href="#`+c.field+`"`) || !strings.Contains(got.Body, c.words) {
			t.Errorf("%s: nothing leads to %s, or %q is not said", name, c.field, c.words)
		}
		if typed := c.form.Get("family_name"); !strings.Contains(got.Body, `value="`+typed+`"`) {
			t.Errorf("%s: %q is lost", name, typed)
		}
		if got.URL.RawQuery != "" || got.URL.Path != "/dpo/people" {
			t.Errorf("%s: the address became %s", name, got.URL)
		}
	}
	if log := w.log.String(); strings.Contains(log, "INCONNUE") || strings.Contains(log, consenttest.Angela().Identity.FamilyName) {
		t.Error("the log holds what was typed")
	}
}

// Who was found is shown before anything else, to the agent who searched, for a day.
func TestThePersonFoundIsShownFirstAndToTheirAgentOnly(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	found := platform.Post(w.base+"/dpo/people", wanted())
	w.says("the person", found, http.StatusOK, "dpo.person.title")
	who := consenttest.Angela().Identity
	name, form := strings.Index(found.Body, who.FamilyName), strings.Index(found.Body, "<form")
	if name < 0 || form < name || !strings.Contains(found.Body, who.GivenNames[0]) {
		t.Errorf("the identity does not come first:\n%s", found.Body)
	}
	address := found.URL.String()
	if strings.Contains(address, who.FamilyName) || strings.Contains(address, string(w.Viewer.Subject)) {
		t.Errorf("the address %s names the person", address)
	}
	w.says("to another agent", w.agent(consent.RoleDPO).Get(address), http.StatusNotFound, "error.not_found.title")
	w.Clock.Advance(consent.LookupKept - 1)
	again, _ := w.as(w.provider.in)
	w.says("to that other agent later", again.Get(address), http.StatusNotFound, "error.not_found.title")
}

// What the person asked by letter is entered from their page, by who answers it.
func TestALetterIsEnteredFromThePersonsPage(t *testing.T) {
	w := newWorld(t)
	w.Granted(t, w.Push())
	platform := w.agent(consent.RolePlatformDPO)
	page := platform.Post(w.base+"/dpo/people", wanted())
	_, id, _ := strings.Cut(page.URL.Path, "/dpo/people/")
	address := "/dpo/rights/new?lookup=" + id
	if !strings.Contains(page.Body, `href="`+address+`"`) {
		t.Errorf("nothing leads to %s:\n%s", address, page.Body)
	}
	w.says("the form", platform.Get(w.base+address), http.StatusOK, "dpo.enter.title")
	if own := w.agent(consent.RoleDPO).Post(w.base+"/dpo/people", wanted()); strings.Contains(own.Body, "/dpo/rights/new") {
		t.Error("an authority's officer is led to a page that is not theirs")
	}
}

// An authority's officer finds those whom the authority asked, and nobody else.
func TestAnotherAuthoritysCitizenIsNobody(t *testing.T) {
	w := newWorld(t)
	officer := w.agent(consent.RoleDPO)
	w.says("before", officer.Post(w.base+"/dpo/people", wanted()), http.StatusUnprocessableEntity, "dpo.people.title")
	_, r := w.Granted(t, w.Push())
	w.says("after", officer.Post(w.base+"/dpo/people", wanted()), http.StatusOK, "dpo.person.title")
	other := w.Push()
	other.Client, other.RedirectURI = consenttest.Transports(), consenttest.Transports().RedirectURIs[0]
	other.Details = *consenttest.Transports().Default
	other.Details.EndsOn = w.Push().Details.EndsOn
	g, _ := w.Granted(t, other)
	w.says("by another authority's number", officer.Post(w.base+"/dpo/people", url.Values{"number": {g.ID}, "reason": {"demande d’accès du 3 mars"}}), http.StatusUnprocessableEntity, "dpo.people.title")
	w.says("by number", officer.Post(w.base+"/dpo/people", url.Values{"number": {" " + r.ID + " "}, "reason": {"demande d’accès du 3 mars"}}), http.StatusOK, "dpo.person.title")
}
