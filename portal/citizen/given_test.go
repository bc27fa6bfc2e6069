package citizen_test

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// The account is on the screen and on the consent's page; what is recorded of the screen
// in clear says that it was, and not which.
func TestTheAccountIsShownAndNotWrittenDown(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, page := w.asked(b, "statut_demandeur_emploi")
	expect(t, "question", page, 200, "Identifiant France Travail", "angela.dubois")
	done := w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"inscription_france_travail"}})
	expect(t, "answer", done, 200, "C’est autorisé")
	for _, statement := range w.Memory.Answers() {
		if text := statement.Statement.Text; strings.Contains(text, "angela.dubois") || !strings.Contains(text, "Identifiant France Travail") {
			t.Errorf("recorded: %s", text)
		}
	}
	receipt := regexp.MustCompile(`/receipts/[\w-]+`).FindString(done.Body)
	expect(t, "receipt", b.Get(w.base+receipt), 200, "angela.dubois")
	consents := b.Get(w.base + "/consents")
	one := regexp.MustCompile(`/consents/[\w-]{20,}`).FindString(consents.Body)
	expect(t, "consent", b.Get(w.base+one), 200, "Identifiant France Travail", "angela.dubois")
	jwt := b.Get(w.base + receipt + "/jwt")
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt.Body, ".")[1])
	if err != nil || !strings.Contains(string(claims), "statut_demandeur_emploi") && !strings.Contains(string(claims), "inscription_france_travail") || strings.Contains(string(claims), "angela") {
		t.Errorf("what is signed: %s, %v", claims, err)
	}
}

func TestAPupilIsDecidedForInTwoActs(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, page := w.asked(b, "statut_eleve")
	expect(t, "question", page, 200, "JULIE", "MERCIER", "5 mai 2017", "0951234B", "autorité parentale")
	if strings.Count(page.Body, `name="datatypes"`) < 5 || strings.Contains(page.Body, " checked") || strings.Contains(page.Body, "santé") {
		t.Error("ticked, or about health")
	}
	yes := url.Values{"decision": {"allow"}, "datatypes": {"bourse_eleve"}}
	expect(t, "without the word", w.send(b, path+"/decision", yes), 422, `id="confirmed-error"`)
	yes.Set("confirmed", "yes")
	expect(t, "with it", w.send(b, path+"/decision", yes), 200, "C’est autorisé")
}

// Consents about two accounts are told apart wherever they are listed, and where one is
// withdrawn.
func TestConsentsAboutTwoThingsAreToldApart(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	set := consenttest.Set(t, "statut_demandeur_emploi")
	for _, account := range []string{"angela.dubois", "angela.pro"} {
		p := w.PushOf(t, set, "inscription_france_travail")
		p.Parameters = consent.Parameters{"identifiant": account}
		path := w.open(b, p)
		b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
		expect(t, account, w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"inscription_france_travail"}}), 200, "C’est autorisé")
	}
	waiting := w.PushOf(t, set, "inscription_france_travail")
	waiting.Parameters = consent.Parameters{"identifiant": "angela.again"}
	b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(w.open(b, waiting), "/requests/"))
	expect(t, "home", b.Get(w.base+"/home"), 200, "angela.dubois", "angela.pro", "angela.again")
	list := b.Get(w.base + "/consents")
	expect(t, "list", list, 200, "angela.dubois", "angela.pro")
	first := regexp.MustCompile(`/consents/[\w-]{20,}`).FindString(list.Body)
	expect(t, "withdrawal", b.Get(w.base+first+"/withdraw"), 200, "Identifiant France Travail", "angela.")
}
