package citizen_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"portail.example/consent"

	"portail.example/consent/consenttest"
	"portail.example/portal/web/webtest"
)

func TestEverythingIsWithdrawnAfterAConfirmation(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.Push())
	w.given(b, w.PushOnce())
	w.given(b, w.PushFor(consenttest.Delegated()[0]))
	expect(t, "withdraw", b.Get(w.base+path+"/withdraw"), 200, "Retirer tout ce que Commune de Lisière-sur-Ource peut consulter", "Retirer toutes mes autorisations", "une nouvelle autorisation")
	town := w.base + "/administrations/" + w.Client.ID + "/" + string(w.Client.SIRET) + "/withdraw"
	expect(t, "from one", b.Get(town), 200, "Vous allez retirer 2 autorisations", "tarif de cantine", "12 mois au plus")
	expect(t, "done", b.Post(town, nil), 200, "Vous avez retiré 2 autorisations. Plus aucune transmission depuis le 24 novembre 2026 à 10:00:00")
	expect(t, "again", b.Post(town, nil), 200, "il n’y a rien à retirer")
	expect(t, "nothing left there", b.Get(town), 200, "il n’y a rien à retirer")
	expect(t, "from all", b.Get(w.base+"/withdraw-all"), 200, "Vous allez retirer 1 autorisation.")
	expect(t, "all done", b.Post(w.base+"/withdraw-all", nil), 200, "Vous avez retiré 1 autorisation.")
	expect(t, "the first", b.Get(w.base+path), 200, "Retirée")
}

func TestAnAdministrationThatIsNotKnownLooksLikeOneThatHoldsNothing(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	w.given(b, w.Push())
	known := b.Get(w.base + "/administrations/transports-source/21990012300015/withdraw")
	unknown := b.Get(w.base + "/administrations/nobody/21990012300015/withdraw")
	expect(t, "holds nothing", known, 200, "il n’y a rien à retirer")
	if unknown.Status != known.Status || main(unknown.Body) != main(known.Body) {
		t.Errorf("unknown: %d %s", unknown.Status, main(unknown.Body))
	}
	for _, path := range []string{"/withdraw-all", "/administrations/nobody/21990012300015/withdraw"} {
		stranger := webtest.NewBrowser(t)
		if a := stranger.Get(w.base + path); a.Status != 401 || strings.Contains(a.Body, "autorisation en cours") {
			t.Errorf("a stranger gets %d", a.Status)
		}
		expect(t, "a stranger's form", stranger.Post(w.base+path, nil), 401)
	}
}

// A phone is not sent hundreds of lines: the first are told, and the way to the rest.
func TestAllThatIsWithdrawnIsToldInPart(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(32)
	line := regexp.MustCompile(`<li><p><a href="/consents/`)
	town := "/administrations/" + w.Client.ID + "/" + string(w.Client.SIRET) + "/withdraw"
	for target, want := range map[string]string{
		"/withdraw-all": `href="/consents?state=active">Et 2 autres : voir la liste`,
		town:            `href="/consents?administration=mairie-lisiere~21990012300015&amp;state=active">Et 2 autres`,
	} {
		page := b.Get(w.base + target)
		expect(t, target, page, 200, "Vous allez retirer 32 autorisations.")
		if n := len(line.FindAllString(page.Body, -1)); n != 30 || !strings.Contains(page.Body, want) {
			t.Errorf("%s: %d lines\n%s", target, n, main(page.Body))
		}
	}
	done := b.Post(w.base+"/withdraw-all", nil)
	expect(t, "done", done, 200, "Vous avez retiré 32 autorisations.", "Et 2 autres")
	link := regexp.MustCompile(`href="(/consents\?state=ended)"`).FindStringSubmatch(done.Body)
	if n := len(line.FindAllString(done.Body, -1)); n != 30 || link == nil {
		t.Fatalf("%d lines, %v", n, link)
	}
	expect(t, "the rest", b.Get(w.base+link[1]), 200, "32", "Retirée")
}

// counting tells how often the tokens of consents were asked for.
type counting struct {
	*consenttest.Memory
	asked int
}

func (s *counting) TokenUse(ctx context.Context, subject consent.SubjectID, grants ...string) (consent.TokenUse, error) {
	s.asked++
	return s.Memory.TokenUse(ctx, subject, grants...)
}

// While many consents are withdrawn time goes on: since when nothing is sent is the
// last one's instant, and the tokens of all are one question.
func TestTheLastOfManyWithdrawalsIsTheInstantThatHoldsForAll(t *testing.T) {
	w := newWorld(t)
	w.signedIn(3)
	store := &counting{Memory: w.Memory}
	ticking := func() time.Time { w.Clock.Advance(time.Second); return w.Clock.Now() }
	answer, _ := w.serve(store, ticking, sent(t, "/withdraw-all", nil))
	grants, err := w.Store.Grants(t.Context(), consent.GrantQuery{Subject: w.Viewer.Subject, At: w.Clock.Now(), All: true, Limit: 9})
	if err != nil || len(grants) != 3 || answer.Code != http.StatusOK {
		t.Fatalf("%d, %d consents: %v", answer.Code, len(grants), err)
	}
	last := grants[0].WithdrawnAt
	for _, g := range grants {
		if g.WithdrawnAt.After(last) {
			last = g.WithdrawnAt
		}
	}
	if want := "Plus aucune transmission depuis le " + webtest.Site(t, w.Memory, w.Clock.Now).PageIn("fr", "").Instant(last); !strings.Contains(readable(answer.Body.String()), readable(want)) {
		t.Errorf("not %q: %s", want, main(answer.Body.String()))
	}
	if store.asked != 1 {
		t.Errorf("the tokens were asked for %d times", store.asked)
	}
}
