package dpo_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// From the invitation to the end, through the pages.
func TestTheLifeOfAnInvitation(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	form := url.Values{"email": {"Marc@Lisiere.example"}, "siret": {"219 900 123 00015"}, "role": {"dpo"}}
	list := platform.Post(w.base+"/dpo/agents", form)
	w.says("invited", list, 200, "dpo.agents.title")
	if !strings.Contains(list.Body, "marc@lisiere.example") || !strings.Contains(list.Body, "219\u00a0900\u00a0123\u00a000015") || !strings.Contains(list.Body, "Invité") {
		t.Errorf("the list does not show the invitation:\n%s", list.Body)
	}
	invited := w.registered("marc@lisiere.example")
	in := consenttest.AgentOf(invited)
	in.Email = "MARC@lisiere.example" // as ProConnect spells it
	marc, home := w.as(in)
	w.says("the first sign-in", home, 200, "dpo.home.title")
	for _, want := range []string{"Dominique EXEMPLE", "Délégué à la protection des données d’un organisme"} {
		if !strings.Contains(home.Body, want) {
			t.Errorf("the home page does not say %q", want)
		}
	}
	if again := platform.Post(w.base+"/dpo/agents", form); again.Status != http.StatusUnprocessableEntity {
		t.Errorf("invited twice: %d", again.Status)
	}
	ask := platform.Get(w.base + "/dpo/agents/" + string(invited.ID) + "/revoke")
	w.says("asked first", ask, 200, "dpo.revoke.title")
	w.says("still in", marc.Get(w.base+"/dpo"), 200, "dpo.home.title")
	ended := platform.Post(w.base+"/dpo/agents/"+string(invited.ID)+"/revoke", nil)
	if !strings.Contains(ended.Body, "Accès retiré") {
		t.Error("the list does not show the end")
	}
	w.says("out at once", marc.Get(w.base+"/dpo"), 200, "dpo.start.title")
	w.says("and not in again", marc.Get(w.base+"/dpo/sign-in"), 403, "dpo.refused.revoked.title")
	w.says("invited anew", platform.Post(w.base+"/dpo/agents", form), 200, "dpo.agents.title")
	w.says("in again", marc.Get(w.base+"/dpo/sign-in"), 200, "dpo.home.title")
}

func (w *world) registered(email string) consent.Agent {
	w.t.Helper()
	known, err := w.Store.AgentsByEmail(w.t.Context(), email)
	if err != nil || len(known) == 0 {
		w.t.Fatal(len(known), err)
	}
	return known[0]
}

func TestAnInvitationThatIsMended(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	good := url.Values{"email": {"marc@lisiere.example"}, "siret": {"21990012300015"}, "role": {"dpo"}}
	for field, bad := range map[string]string{"email": "nobody", "siret": "21990012300016", "role": "king"} {
		form := url.Values{"email": good["email"], "siret": good["siret"], "role": good["role"]}
		form.Set(field, bad)
		got := platform.Post(w.base+"/dpo/agents", form)
		w.says(field, got, http.StatusUnprocessableEntity, "dpo.agents.title")
		if !strings.Contains(got.Body, `href="#`+field+`"`) || !strings.Contains(got.Body, `value="`+form.Get("email")+`"`) {
			t.Errorf("%s: nothing leads to it, or what was typed is lost", field)
		}
	}
	if known, err := w.Store.AgentsByEmail(t.Context(), "marc@lisiere.example"); err != nil || len(known) != 0 {
		t.Errorf("%d were registered, %v", len(known), err)
	}
}

// Nobody ends their own registration: the last platform DPO would lock everybody out.
func TestNobodyRevokesThemselves(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	me := w.registered(w.provider.in.Email)
	if got := platform.Post(w.base+"/dpo/agents/"+string(me.ID)+"/revoke", nil); got.Status != http.StatusBadRequest {
		t.Errorf("answered %d", got.Status)
	}
	list := platform.Get(w.base + "/dpo/agents")
	if w.says("the list", list, 200, "dpo.agents.title"); strings.Contains(list.Body, "/revoke") {
		t.Error("the list offers it")
	}
	if got := platform.Get(w.base + "/dpo/agents/AAAAAAAAAAAAAAAAAAAAAA/revoke"); got.Status != http.StatusNotFound {
		t.Errorf("somebody unknown: %d", got.Status)
	}
}

func TestLookupsAreShownPageByPage(t *testing.T) {
	w := newWorld(t)
	w.agent(consent.RoleDPO)
	officer := w.registered(w.provider.in.Email)
	for i := range 51 {
		w.Clock.Advance(1e9)
		find := func(context.Context, consent.Reader, consent.Scope) (consent.SubjectID, error) {
			if i == 50 {
				return w.Viewer.Subject, nil
			}
			return "", consent.Refuse(consent.NotFound, "", "nobody")
		}
		_, err := w.Service.LookUp(t.Context(), officer, consent.LookupByNumber, "demande <n° 12>", find)
		if (err == nil) != (i == 50) {
			t.Fatal(err)
		}
	}
	platform := w.agent(consent.RolePlatformDPO)
	first := platform.Get(w.base + "/dpo/lookups")
	w.says("the newest", first, 200, "dpo.lookups.title")
	if strings.Count(first.Body, "demande &lt;n° 12&gt;") != 50 || strings.Count(first.Body, "Une personne a été trouvée") != 1 || strings.Contains(first.Body, string(w.Viewer.Subject)) {
		t.Errorf("the newest are not shown as they were:\n%s", first.Body)
	}
	_, rest, found := strings.Cut(first.Body, `href="/dpo/lookups?`)
	query, _, _ := strings.Cut(rest, `"`)
	older := platform.Get(w.base + "/dpo/lookups?" + query)
	if !found || strings.Count(older.Body, "demande &lt;n° 12&gt;") != 1 || strings.Contains(older.Body, "/dpo/lookups?") {
		t.Errorf("the older ones:\n%s", older.Body)
	}
}
