package citizen_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

// asked is the question for a data set, before its citizen.
func (w *world) asked(b *webtest.Browser, typ string) (path string, page webtest.Answer) {
	set := consenttest.Set(w.t, typ)
	path = w.open(b, w.PushOf(w.t, set, set.InOrder(consenttest.PurposeFor(set).Groups)...))
	return path, b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
}

func TestDataAboutHealthAreSharedInTwoActs(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, page := w.asked(b, "allocation_adulte_handicape")
	expect(t, "question", page, 200, "révèle quelque chose sur votre santé", "J’ai compris que cela révèle", "Votre allocation aux adultes handicapés (AAH)")
	if strings.Contains(page.Body, `value="allocation_adulte_handicape" id="datatypes" checked`) || strings.Contains(page.Body, `id="confirmed" checked`) {
		t.Error("something is ticked in the citizen's place")
	}
	yes := url.Values{"decision": {"allow"}, "datatypes": {"allocation_adulte_handicape"}}
	for what, answer := range map[string]url.Values{"without the word": yes, "with another word": {"decision": {"allow"}, "datatypes": yes["datatypes"], "confirmed": {"no"}}} {
		refused := w.send(b, path+"/decision", answer)
		expect(t, what, refused, 422, "cochez aussi la case sous l’avertissement", `id="confirmed-error"`, `href="#confirmed"`)
		if strings.Contains(refused.Body, `id="confirmed" checked`) {
			t.Error("the word is kept for the next time")
		}
	}
	expect(t, "with it", w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": yes["datatypes"], "confirmed": {"yes"}}), 200, "C’est autorisé")
}

func TestDataAboutHealthAreRefusedInOneAct(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, _ := w.asked(b, "complementaire_sante_solidaire")
	expect(t, "refused", w.send(b, path+"/decision", url.Values{"decision": {"refuse"}}), 200, "Vous avez refusé")
}

// The warning and the word are part of what is recorded.
func TestTheWordAboutHealthIsEvidence(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, _ := w.asked(b, "allocation_adulte_handicape")
	done := w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"allocation_adulte_handicape"}, "confirmed": {"yes"}})
	link := regexp.MustCompile(`/receipts/[\w-]+`).FindString(done.Body)
	expect(t, "receipt", b.Get(w.base+link), 200, "révèle quelque chose sur votre santé", "J’ai compris que cela révèle")
}

func TestOtherDataAskForNoWordMore(t *testing.T) {
	w, b := newWorld(t), webtest.NewBrowser(t)
	path, page := w.asked(b, "prime_activite")
	expect(t, "question", page, 200, "Votre prime d’activité")
	if strings.Contains(page.Body, `name="confirmed"`) || strings.Contains(page.Body, "santé") {
		t.Error("a word about health, of data that say nothing of it")
	}
	expect(t, "yes", w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"prime_activite"}}), 200, "C’est autorisé")
}
