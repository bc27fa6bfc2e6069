package dpo_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// unfinished is a form that an officer fills in, and what its page shows of it.
type unfinished struct {
	page, target string
	form         url.Values
	shows        []string
}

// desk is a platform officer's browser, and the forms that wait for them.
type desk struct {
	*world
	in      consent.AgentSignIn
	b       *webtest.Browser
	request consent.RightsRequest
	hold    consent.Hold
	forms   map[string]unfinished
	facts   int // in the ledger, before any form is sent
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{world: newWorld(t)}
	invited := d.Invited(t, consent.RolePlatformDPO)
	d.in = consenttest.AgentOf(invited)
	d.b, _ = d.as(d.in)
	var err error
	if d.request, err = d.Service.AskRight(t.Context(), d.Viewer.Subject, consent.RightErasure, ""); err != nil {
		t.Fatal(err)
	}
	if d.hold, err = d.Service.HoldFor(t.Context(), consent.Agent{ID: invited.ID, Role: consent.RolePlatformDPO}, d.request.ID, "dossier 2026-12"); err != nil {
		t.Fatal(err)
	}
	lookup := d.search(d.b)
	m, stop := d.measured(consent.Agent{ID: invited.ID, Role: consent.RolePlatformDPO})
	other := d.Invited(t, consent.RoleAuditor)
	right, revoke := "/dpo/rights/"+d.request.ID, "/dpo/agents/"+string(other.ID)+"/revoke"
	d.forms = map[string]unfinished{
		"an answer":    {right, right + "/messages", url.Values{"kind": {"answer"}, "text": {"Mes mots, écrits en quarante minutes."}}, []string{`value="answer" checked`, "Mes mots, écrits en quarante minutes."}},
		"a letter":     {"/dpo/rights/new", "/dpo/rights/new", url.Values{"lookup": {lookup}, "right": {"access"}, "received_on": {"2026-11-20"}, "message": {"Mes mots"}}, []string{`value="` + lookup + `"`, `value="access" checked`, `value="2026-11-20"`, "Mes mots"}},
		"a hold":       {right + "/holds", right + "/holds", url.Values{"reason": {"Mes mots"}}, []string{`value="Mes mots"`}},
		"a hold's end": {right + "/holds", right + "/holds/lift", url.Values{"hold": {d.hold.ID}, "why": {"Mes mots"}}, []string{`name="why" value="Mes mots"`}},
		"an invitation": {"/dpo/agents", "/dpo/agents", url.Values{"email": {"mes-mots@lisiere.example"}, "siret": {"219 900 123"}, "role": {"auditor"}},
			[]string{`value="mes-mots@lisiere.example"`, `value="219 900 123"`, `value="auditor" checked`}},
		"a revocation": {revoke, revoke, nil, nil},
		"a report":     {"/dpo/people/" + lookup, "/dpo/people/" + lookup, url.Values{"since": {"2026-03-04"}, "until": {"2026-05-06"}}, []string{`value="2026-03-04"`, `value="2026-05-06"`}},
		"an objection": {"/dpo/rights/" + stop.ID + "/measures", "/dpo/rights/" + stop.ID + "/measures", url.Values{"administration": {"all"}, "text": {"Mes mots"}}, []string{`value="all" selected`, ">Mes mots</textarea>"}},
		"a lifting":    {"/dpo/rights/" + m.RightsID + "/measures", "/dpo/rights/" + m.RightsID + "/measures/notice", url.Values{"measure": {m.ID}, "text": {"Mes mots"}}, []string{">Mes mots</textarea>"}},
		"an erasure":   {"/dpo/erasures", "/dpo/erasures", url.Values{"request": {d.request.ID}}, nil},
	}
	d.facts = len(d.Memory.Ledger())
	return d
}

// measured is a restriction that the officer accepted, and an objection that waits.
func (d *desk) measured(by consent.Agent) (m consent.Measure, waits consent.RightsRequest) {
	d.t.Helper()
	freeze, err := d.Service.AskRight(d.t.Context(), d.Viewer.Subject, consent.RightRestriction, "")
	if err == nil {
		m, err = d.Service.AcceptRight(d.t.Context(), by, freeze.ID, consent.Party{}, "Nous gelons vos données.")
	}
	if err == nil {
		waits, err = d.Service.AskRight(d.t.Context(), d.Viewer.Subject, consent.RightObjection, "")
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return m, waits
}

// search finds the citizen, and returns the search's number.
func (w *world) search(b *webtest.Browser) string {
	w.t.Helper()
	who := consenttest.Angela().Identity
	found := b.Post(w.base+"/dpo/people", url.Values{"family_name": {who.FamilyName}, "birthdate": {who.Birthdate}, "reason": {"demande d’accès du 3 mars"}})
	if !strings.HasPrefix(found.URL.Path, "/dpo/people/") {
		w.t.Fatalf("nobody is found: %d at %s", found.Status, found.URL)
	}
	return strings.TrimPrefix(found.URL.Path, "/dpo/people/")
}

// late sends a form when the officer's session is over.
func (d *desk) late(u unfinished) {
	d.t.Helper()
	refused := d.b.Post(d.base+u.target, u.form)
	d.says(u.target, refused, http.StatusUnauthorized, "dpo.refused.session_ended.title")
	if strings.Contains(refused.Body, "mots") || strings.Contains(refused.URL.String(), "mots") {
		d.t.Errorf("%s: what was typed is on the page, or in the address", u.target)
	}
}

// nothingDone: no form was applied. Whatever one does is a fact of the ledger.
func (d *desk) nothingDone(what string) {
	d.t.Helper()
	if now := d.Memory.Ledger(); len(now) != d.facts {
		d.t.Errorf("%s: something was done: %s", what, now[len(now)-1].Kind)
	}
}

func TestAnOfficersFormSurvivesASessionThatEnded(t *testing.T) {
	ends := map[string]func(*desk){
		"idle": func(d *desk) { d.Clock.Advance(40 * time.Minute) },
		"after the absolute limit": func(d *desk) {
			for range 24 {
				d.Clock.Advance(20 * time.Minute)
				d.b.Get(d.base + "/dpo")
			}
			d.Clock.Advance(20 * time.Minute)
		},
	}
	for name := range newDesk(t).forms {
		for how, end := range ends {
			t.Run(name+", "+how, func(t *testing.T) {
				d := newDesk(t)
				u := d.forms[name]
				end(d)
				d.late(u)
				back := d.b.Get(d.base + "/dpo/sign-in")
				if back.Status != http.StatusOK || back.URL.Path != u.page || back.URL.RawQuery != "" {
					t.Fatalf("came back to %s: %d", back.URL, back.Status)
				}
				for _, want := range append(u.shows, "Vous revoilà", "Rien n’est encore enregistré") {
					if !strings.Contains(back.Body, want) {
						t.Errorf("%s is not on the page\n%s", want, back.Body)
					}
				}
				d.nothingDone(name)
			})
		}
	}
}

// Once it is sent again it waits no longer.
func TestAnAnswerIsSentOnceItIsPressedAgain(t *testing.T) {
	d := newDesk(t)
	u := d.forms["an answer"]
	d.Clock.Advance(consent.SessionIdle)
	d.late(u)
	d.b.Get(d.base + "/dpo/sign-in")
	done := d.b.Post(d.base+u.target, u.form)
	if done.Status != http.StatusOK || done.URL.RawQuery != "done=written" || strings.Contains(done.Body, "Vous revoilà") {
		t.Errorf("%d at %s", done.Status, done.URL)
	}
	if page := d.b.Get(d.base + u.page); strings.Contains(page.Body, "Vous revoilà") {
		t.Error("the form still waits after it was sent")
	}
}

// Another agent of the same role, in the same browser, is not shown it; and it does not
// come back afterwards.
func TestAnotherAgentIsNotShownTheForm(t *testing.T) {
	for name := range newDesk(t).forms {
		d := newDesk(t)
		u := d.forms[name]
		d.Clock.Advance(consent.SessionIdle)
		d.late(u)
		second, err := d.Service.InviteAgent(t.Context(), consent.Console(), consent.AgentInvitation{Email: "second@lisiere.example", SIRET: string(d.in.SIRET), Role: consent.RolePlatformDPO})
		if err != nil {
			t.Fatal(err)
		}
		d.provider.in = consenttest.AgentOf(second)
		for _, page := range []webtest.Answer{d.b.Get(d.base + "/dpo/sign-in"), d.b.Get(d.base + u.page)} {
			if strings.Contains(page.Body, "Vous revoilà") || strings.Contains(page.Body, "Mes mots") || strings.Contains(page.Body, "mes-mots") {
				t.Errorf("%s: another agent reads it at %s", name, page.URL)
			}
		}
		d.provider.in = d.in
		if page := d.b.Get(d.base + "/dpo/sign-in"); strings.Contains(page.Body, "Vous revoilà") || page.URL.Path != "/dpo" {
			t.Errorf("%s: it outlived another agent's session", name)
		}
	}
}

func TestAnOfficersFormWaitsForHalfAnHour(t *testing.T) {
	for wait, shown := range map[time.Duration]bool{consent.DraftLifetime - time.Second: true, consent.DraftLifetime: false} {
		d := newDesk(t)
		d.Clock.Advance(consent.SessionIdle)
		d.late(d.forms["an answer"])
		d.Clock.Advance(wait)
		if got := strings.Contains(d.b.Get(d.base+"/dpo/sign-in").Body, "Mes mots"); got != shown {
			t.Errorf("after %s the form is shown: %v", wait, got)
		}
	}
}

// A form is not kept when nobody can tell whose it is, when its agent may no longer
// come in, when it is too long, when another site sent it, or when it is a search: what
// is typed there is kept nowhere.
func TestAnOfficersFormThatIsNotKept(t *testing.T) {
	answer := func(d *desk) unfinished { return d.forms["an answer"] }
	for name, c := range map[string]struct {
		change func(*desk)
		form   func(*desk) unfinished
		status int
	}{
		"of a browser that is not known": {func(d *desk) { d.b = webtest.NewBrowser(d.t) }, answer, http.StatusUnauthorized},
		"of one who signed out":          {func(d *desk) { d.b.Get(d.base + "/dpo/sign-out") }, answer, http.StatusUnauthorized},
		"the next day":                   {func(d *desk) { d.Clock.Advance(consent.AgentRemembered) }, answer, http.StatusUnauthorized},
		"too long": {func(d *desk) { d.Clock.Advance(consent.SessionIdle) }, func(d *desk) unfinished {
			u := answer(d)
			u.form.Set("text", strings.Repeat("Mes mots ", consent.MaxDraft/8))
			return u
		}, http.StatusUnauthorized},
		"from elsewhere": {func(d *desk) { d.Clock.Advance(consent.SessionIdle); d.b.Header.Set("Sec-Fetch-Site", "cross-site") }, answer, http.StatusForbidden},
		"a search": {func(d *desk) { d.Clock.Advance(consent.SessionIdle) }, func(*desk) unfinished {
			return unfinished{"/dpo/people", "/dpo/people", url.Values{"family_name": {"Mes mots"}}, nil}
		}, http.StatusUnauthorized},
	} {
		d := newDesk(t)
		c.change(d)
		u := c.form(d)
		if got := d.b.Post(d.base+u.target, u.form); got.Status != c.status || strings.Contains(got.Body, "pour vous seul") {
			t.Errorf("%s: %d\n%s", name, got.Status, got.Body)
		}
		d.b.Header.Del("Sec-Fetch-Site")
		home := d.b.Get(d.base + "/dpo/sign-in")
		if home.URL.Path != "/dpo" || strings.Contains(d.b.Get(d.base+u.page).Body, "Mes mots") {
			t.Errorf("%s: kept, at %s", name, home.URL)
		}
	}
}

// Whoever was revoked meanwhile leaves nothing behind.
func TestTheFormOfARevokedAgentIsNotKept(t *testing.T) {
	d := newDesk(t)
	u := d.forms["an answer"]
	known, err := d.Store.AgentsByEmail(t.Context(), d.in.Email)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range known {
		if err := d.Service.RevokeAgent(t.Context(), consent.Console(), a.ID); err != nil {
			t.Fatal(err)
		}
	}
	d.says("late", d.b.Post(d.base+u.target, u.form), http.StatusUnauthorized, "dpo.refused.sign_in_required.title")
	d.says("again", d.b.Get(d.base+"/dpo/sign-in"), http.StatusForbidden, "dpo.refused.revoked.title")
}

// A link pressed too late leads to its page, a file's to the page it is on; and a link
// does not push out a form that waits.
func TestAnOfficersPageWaitsToo(t *testing.T) {
	d := newDesk(t)
	for asked, page := range map[string]string{
		"/dpo/lookups": "/dpo/lookups", "/dpo/register.csv": "/dpo/register", "/dpo/statistics.json?authority=x": "/dpo/statistics", "/dpo/rights/register.csv": "/dpo/rights",
	} {
		d.Clock.Advance(consent.SessionIdle)
		d.says(asked, d.b.Get(d.base+asked), http.StatusUnauthorized, "dpo.refused.sign_in_required.title")
		if back := d.b.Get(d.base + "/dpo/sign-in"); back.URL.Path != page || strings.Contains(back.Body, "Vous revoilà") {
			t.Errorf("%s: came back to %s", asked, back.URL)
		}
	}
	d.Clock.Advance(consent.SessionIdle)
	u := d.forms["an answer"]
	d.late(u)
	d.b.Get(d.base + "/dpo/lookups")
	if back := d.b.Get(d.base + "/dpo/sign-in"); back.URL.Path != u.page || !strings.Contains(back.Body, "Mes mots") {
		t.Errorf("came back to %s", back.URL)
	}
}

// A page that cannot be shown has no form, and does not say that one was kept.
func TestAnOfficersErrorPageDoesNotSayThatAFormWaits(t *testing.T) {
	d := newDesk(t)
	d.Clock.Advance(consent.SessionIdle)
	d.late(unfinished{target: "/dpo/agents/gone/revoke"})
	if back := d.b.Get(d.base + "/dpo/sign-in"); back.Status != http.StatusNotFound || strings.Contains(back.Body, "Vous revoilà") {
		t.Errorf("%d: the page says that the form is as it was left", back.Status)
	}
}
