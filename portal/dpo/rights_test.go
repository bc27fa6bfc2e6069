package dpo_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

const words = "Effacez <tout> s’il vous plaît"

// asked is what the world's citizen asks of the officer.
func (w *world) asked(right consent.Right) consent.RightsRequest {
	w.t.Helper()
	r, err := w.Service.AskRight(w.t.Context(), w.Viewer.Subject, right, words)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// message posts a message about a request; refusals and answers tell of the CNIL.
func message(kind consent.RightsMessageKind) url.Values {
	return url.Values{"kind": {string(kind)}, "text": {"Voici ce que nous avons fait.\nVous pouvez saisir la CNIL."}}
}

func (w *world) shows(what, body string, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			w.t.Errorf("%s does not show %q:\n%s", what, text, body)
		}
	}
}

func TestTheQueueIsByDaysLeftAndNamesNobody(t *testing.T) {
	w := newWorld(t)
	late := w.asked(consent.RightErasure)
	w.Clock.Advance(28 * 24 * time.Hour)
	soon := w.asked(consent.RightAccess)
	w.Clock.Advance(5 * 24 * time.Hour)
	platform := w.agent(consent.RolePlatformDPO)
	got := platform.Get(w.base + "/dpo/rights")
	w.says("the queue", got, 200, "dpo.rights.title")
	w.shows("the queue", got.Body, "fr-badge--error", "En retard, jours de retard\u00a0: 3", "Jours restants\u00a0: 26")
	if strings.Index(got.Body, late.ID) > strings.Index(got.Body, soon.ID) || strings.Contains(got.Body, "Effacez") || strings.Contains(got.Body, string(w.Viewer.Subject)) {
		t.Errorf("the late one is not first, or somebody is named:\n%s", got.Body)
	}
	w.shows("the home page", platform.Get(w.base+"/dpo").Body, "ouvertes\u00a0: 2", "En retard\u00a0: 1")
	w.shows("nothing refused", platform.Get(w.base+"/dpo/rights?state=refused").Body, "Aucune demande n’a été refusée.", `state=refused" aria-current="page"`)
	for _, bad := range []string{"state=all", "after=%00", "after=" + strings.Repeat("x", 65)} {
		if got := platform.Get(w.base + "/dpo/rights?" + bad); got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, got.Status)
		}
	}
}

func TestTheQueueComesPageByPage(t *testing.T) {
	w := newWorld(t)
	officer := w.Agent(t, consent.RolePlatformDPO)
	for range 26 {
		r := w.asked(consent.RightAccess)
		if err := w.Service.WriteRight(t.Context(), officer, r.ID, consent.RightsAnswer, message(consent.RightsAnswer).Get("text")); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Second)
	}
	platform, _ := w.as(consenttest.AgentOf(officer))
	first := platform.Get(w.base + "/dpo/rights?state=answered")
	_, rest, found := strings.Cut(first.Body, `href="/dpo/rights?after=`)
	query, _, _ := strings.Cut(rest, `"`)
	second := platform.Get(w.base + "/dpo/rights?after=" + strings.ReplaceAll(query, "&amp;", "&"))
	count := func(body string) int { return strings.Count(body, `<div class="portal-item">`) }
	if !found || count(first.Body) != 25 || count(second.Body) != 1 {
		t.Errorf("%d and %d requests, next %v", count(first.Body), count(second.Body), found)
	}
}

// One request from its words to its end, with every message and what each refuses.
func TestARequestIsAnsweredThroughThePages(t *testing.T) {
	w := newWorld(t)
	r := w.asked(consent.RightRectification)
	platform := w.agent(consent.RolePlatformDPO)
	address := w.base + "/dpo/rights/" + r.ID
	page := platform.Get(address)
	w.says("the request", page, 200, "dpo.right.title", "Right", "Rectification (article 16)")
	w.shows("the request", page.Body, "Effacez &lt;tout&gt;", "Rectification (article 16)", `value="extension"`)
	prefilled := platform.Get(address + "?template=rectification&lang=fr")
	w.shows("the template", prefilled.Body, "msa.fr", "caf.fr", "CNIL", `value="answer" checked`, `lang="fr"`)
	w.shows("in English", platform.Get(address+"?template=rectification&lang=en").Body, "comes from other services", `lang="en"`)
	for _, c := range []struct {
		name  string
		form  url.Values
		field string
	}{
		{"no kind", url.Values{"text": {"assez long pour partir"}}, "kind"},
		{"too short", url.Values{"kind": {"message"}, "text": {"court"}}, "text"},
		{"a blank left", url.Values{"kind": {"answer"}, "text": {"Voici pourquoi : […] CNIL"}}, "text"},
		{"no complaint", url.Values{"kind": {"refusal"}, "text": {"Nous ne pouvons pas."}}, "text"},
	} {
		got := platform.Post(address+"/messages", c.form)
		w.says(c.name, got, 422, "dpo.right.title", "Right", "Rectification (article 16)")
		w.shows(c.name, got.Body, `href="#`+c.field+`"`, c.form.Get("text")+"</textarea>")
	}
	for _, kind := range []consent.RightsMessageKind{consent.RightsNews, consent.RightsExtension} {
		w.says(string(kind), platform.Post(address+"/messages", message(kind)), 200, "dpo.right.title", "Right", "Rectification (article 16)")
	}
	w.says("extended twice", platform.Post(address+"/messages", message(consent.RightsExtension)), 422, "dpo.right.title", "Right", "Rectification (article 16)")
	done := platform.Post(address+"/messages", message(consent.RightsRefusal))
	w.shows("closed", done.Body, "Refusée", "Prolongée le", "Un refus", "Dominique EXEMPLE", "Le message est envoyé")
	if strings.Contains(done.Body, "<form") {
		t.Error("a closed request still has a form")
	}
	w.says("written to again", platform.Post(address+"/messages", message(consent.RightsAnswer)), 409, "dpo.refused.closed.title")
}

func TestTheTemplateIsInTheCitizensLanguage(t *testing.T) {
	w := newWorld(t)
	r := w.asked(consent.RightAccess)
	left := consent.Contact{Subject: w.Viewer.Subject, Address: "angela@example.org", Language: "en", Kinds: consent.NoticeKinds()}
	if err := w.Service.LeaveAddress(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	page := w.agent(consent.RolePlatformDPO).Get(w.base + "/dpo/rights/" + r.ID + "?template=access")
	w.shows("the template", page.Body, "You ask what data we keep", `lang="en"`)
	if strings.Contains(page.Body, "angela@example.org") {
		t.Error("the officer sees the address")
	}
}

func TestARequestThatCameByLetterIsEntered(t *testing.T) {
	w := newWorld(t)
	platform := w.agent(consent.RolePlatformDPO)
	officer := w.registered(w.provider.in.Email)
	who := consent.PersonSearch{FamilyName: "DUBOIS", Birthdate: "1962-08-24"}
	l, err := w.Service.FindPerson(t.Context(), officer, who, "courrier du 20 novembre")
	if err != nil {
		t.Fatal(err)
	}
	today := consent.DateOf(w.Clock.Now())
	form := func(right, day string) url.Values {
		return url.Values{"lookup": {l.ID}, "right": {right}, "received_on": {day}, "message": {words}}
	}
	page := platform.Get(w.base + "/dpo/rights/new?lookup=" + l.ID)
	w.says("the form", page, 200, "dpo.enter.title")
	for field, bad := range map[string]url.Values{
		"right": form("", today.String()), "received_on": form("access", "demain"),
		"message": {"lookup": {l.ID}, "right": {"access"}, "received_on": {today.String()}, "message": {strings.Repeat("é", 1001)}},
	} {
		got := platform.Post(w.base+"/dpo/rights/new", bad)
		w.says(field, got, 422, "dpo.enter.title")
		w.shows(field, got.Body, `href="#`+field+`"`, l.ID)
	}
	entered := platform.Post(w.base+"/dpo/rights/new", form("access", today.AddMonths(-1).String()))
	w.says("entered", entered, 200, "dpo.right.title", "Right", "Accès (article 15)")
	w.shows("entered", entered.Body, "Inscrite par", "Dominique EXEMPLE", "Effacez &lt;tout&gt;")
	for _, gone := range []string{"", "x", "AAAAAAAAAAAAAAAAAAAAAA", strings.Repeat("x", 65)} {
		if got := platform.Get(w.base + "/dpo/rights/new?lookup=" + gone); got.Status != http.StatusNotFound {
			t.Errorf("without a search (%q): %d", gone, got.Status)
		}
	}
	w.Clock.Advance(consent.LookupKept)
	platform, _ = w.as(w.provider.in)
	if got := platform.Post(w.base+"/dpo/rights/new", form("access", today.String())); got.Status != http.StatusNotFound {
		t.Errorf("a day after the search: %d", got.Status)
	}
}

// entered is a request that came by letter.
func (w *world) entered(right consent.Right) {
	w.t.Helper()
	agents, err := w.Memory.AgentsByEmail(w.t.Context(), string(consent.RolePlatformDPO)+"@lisiere.example")
	if err != nil || len(agents) != 1 {
		w.t.Fatal(agents, err)
	}
	who := consenttest.Angela().Identity
	l, err := w.Service.FindPerson(w.t.Context(), agents[0], consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "lettre du 3 mars")
	if err == nil {
		_, err = w.Service.EnterRight(w.t.Context(), agents[0], l.ID, right, "", consent.DateOf(w.Clock.Now()))
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestTheRegisterOfRequestsNamesNobody(t *testing.T) {
	w := newWorld(t)
	r := w.asked(consent.RightAccess)
	w.Clock.Advance(time.Second)
	w.asked(consent.RightErasure)
	platform := w.agent(consent.RolePlatformDPO)
	w.Clock.Advance(10 * time.Minute)
	platform.Post(w.base+"/dpo/rights/"+r.ID+"/messages", message(consent.RightsAnswer))
	w.entered(consent.RightObjection)
	table := platform.Get(w.base + "/dpo/rights/register.csv")
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.Body, "\ufeff")))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	today := consent.DateOf(w.Clock.Now()).String()
	if err != nil || len(rows) != 4 || rows[1][0] != "Accès (article 15)" || rows[1][1] != "Répondue" || rows[1][5] != today || rows[2][5] != "" || rows[2][7] != "la personne" || rows[3][7] != "un délégué" {
		t.Errorf("%q, %v", rows, err)
	}
	file := platform.Get(w.base + "/dpo/rights/register.json")
	var got struct {
		Requests []map[string]any `json:"requests"`
	}
	if err := json.Unmarshal([]byte(file.Body), &got); err != nil || len(got.Requests) != 3 || got.Requests[0]["closed_on"] != today || got.Requests[1]["closed_on"] != nil || got.Requests[1]["entered_by_officer"] != false || got.Requests[2]["entered_by_officer"] != true {
		t.Errorf("%v, %v", got, err)
	}
	for _, body := range []string{table.Body, file.Body} {
		for _, name := range []string{string(w.Viewer.Subject), "Effacez", "DUBOIS", r.ID} {
			if strings.Contains(body, name) {
				t.Errorf("%s is in the register", name)
			}
		}
	}
	if kind := table.Header.Get("Content-Disposition"); !strings.HasPrefix(kind, "attachment") {
		t.Errorf("it is not saved: %q", kind)
	}
}
