package citizen_test

import (
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// watching is a world whose town hall may ask for the monthly look.
func watching(t *testing.T) *world {
	w := newWorld(t)
	w.Client.Watch = true
	if err := w.Memory.PutClient(t.Context(), w.Client); err != nil {
		t.Fatal(err)
	}
	return w
}

const watchBox = `name="watch" value="yes" id="watch"`

// agreed is the consent and the text it was given on.
func (w *world) agreed() (consent.Grant, string) {
	w.t.Helper()
	answers := w.Memory.Answers()
	last := answers[len(answers)-1]
	r, err := w.Store.Request(w.t.Context(), last.RequestID)
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := w.Store.Grant(w.t.Context(), w.Viewer.Subject, r.GrantID)
	if err != nil {
		w.t.Fatal(err)
	}
	return g, last.Statement.Text
}

// The monthly look is a choice of its own: the sharing stands without it.
func TestTheMonthlyLookIsAChoiceOfItsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		form url.Values
		want bool
	}{
		"accepted":       {url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial", "enfants"}, "watch": {"yes"}}, true},
		"refused":        {url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial", "enfants"}}, false},
		"another word":   {url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}, "watch": {"no"}}, false},
		"without amount": {url.Values{"decision": {"allow"}, "datatypes": {"enfants"}, "watch": {"yes"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, b := watching(t), webtest.NewBrowser(t)
			path := w.open(b, w.PushWatched())
			page := b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
			expect(t, "the screen", page, 200, watchBox, "Oui, regardez chaque mois", "empreinte secrète")
			if strings.Contains(page.Body, watchBox+" checked") {
				t.Error("ticked in the citizen's place")
			}
			expect(t, "answered", w.send(b, path+"/decision", c.form), 200)
			g, text := w.agreed()
			if g.Details.Watch != c.want || len(g.Details.Groups) != len(c.form["datatypes"]) {
				t.Errorf("agreed to %+v", g.Details)
			}
			said := strings.Contains(text, "sans le regard de chaque mois")
			if !strings.Contains(text, "Oui, regardez chaque mois") || !strings.Contains(text, "empreinte secrète") || said != (c.form.Get("watch") != "yes") {
				t.Errorf("recorded: %s", text)
			}
		})
	}
}

func TestALookThatNobodyAsksForIsNotOffered(t *testing.T) {
	w, b := watching(t), webtest.NewBrowser(t)
	path, page := w.questioned(b)
	if strings.Contains(page.Body, watchBox) {
		t.Error("it is offered")
	}
	w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial"}, "watch": {"yes"}})
	if g, text := w.agreed(); g.Details.Watch || strings.Contains(text, "chaque mois") {
		t.Errorf("agreed to %+v on %s", g.Details, text)
	}
}

// What was typed stays when the form comes back; what was refused is not ticked again.
func TestARefusedLookStaysRefused(t *testing.T) {
	w, b := watching(t), webtest.NewBrowser(t)
	path := w.open(b, w.PushWatched())
	b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
	back := w.send(b, path+"/decision", url.Values{"decision": {"allow"}})
	expect(t, "nothing chosen", back, 422, watchBox)
	if strings.Contains(back.Body, watchBox+" checked") {
		t.Error("ticked again")
	}
	w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": {"quotient_familial", "enfants"}})
	again := b.Get(w.base + w.open(b, w.PushWatched()))
	expect(t, "asked again", again, 200, watchBox)
	if strings.Contains(again.Body, watchBox+" checked") {
		t.Error("what was refused is ticked")
	}
}

// The look ends by itself, where the rest of a consent is reduced.
func TestTheLookAloneIsTakenBack(t *testing.T) {
	w, b := watching(t), webtest.NewBrowser(t)
	path := w.open(b, w.PushWatched())
	b.Get(w.base + "/sign-in?request=" + strings.TrimPrefix(path, "/requests/"))
	groups := []string{"quotient_familial", "enfants"}
	w.send(b, path+"/decision", url.Values{"decision": {"allow"}, "datatypes": groups, "watch": {"yes"}})
	given, _ := w.agreed()
	address := "/consents/" + given.ID + "/reduce"
	page := b.Get(w.base + address)
	expect(t, "the page", page, 200, watchBox+" checked")
	b.Post(w.base+address, url.Values{"datatypes": groups, "ends_on": {given.Details.EndsOn.String()}, "shown": {shownText.FindStringSubmatch(page.Body)[1]}})
	g, text := w.agreed()
	if g.ID != given.ID || g.Details.Watch || len(g.Details.Groups) != 2 || !strings.Contains(text, "sans le regard de chaque mois") {
		t.Errorf("%+v on %s", g.Details, text)
	}
}
