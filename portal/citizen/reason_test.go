package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

func TestAWithdrawalIsRecordedWithOrWithoutAReason(t *testing.T) {
	for name, c := range map[string]struct {
		form url.Values
		want consent.Reason
	}{
		"no field": {nil, consent.Unsaid}, "rather not": {url.Values{"reason": {""}}, consent.Unsaid}, "moved": {url.Values{"reason": {"moved"}}, consent.Moved},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := webtest.NewBrowser(t)
			path := w.given(b, w.Push())
			page := b.Get(w.base + path + "/withdraw")
			expect(t, "asked", page, 200, "Pourquoi ? (facultatif)", "Je préfère ne pas le dire", "J’ai déménagé", "l’administration ne le sait pas")
			if !strings.Contains(page.Body, `<option value="" selected>`) {
				t.Error("saying nothing is not what is chosen first")
			}
			expect(t, "done", b.Post(w.base+path+"/withdraw", c.form), 200, "Vous avez retiré cette autorisation.")
			if g, err := w.Store.Grant(t.Context(), w.Viewer.Subject, strings.TrimPrefix(path, "/consents/")); err != nil || g.Reason != c.want {
				t.Errorf("%q, %v", g.Reason, err)
			}
			copied := w.exported(b, "html")
			expect(t, "copy", copied, 200, "Retirée")
			if told := strings.Contains(copied.Body, "Pourquoi vous l’avez retirée"); told != (c.want != consent.Unsaid) {
				t.Errorf("the copy tells a reason: %v", told)
			}
		})
	}
}

// Somebody who changes the form by hand withdraws nothing, and is told what to mend.
func TestAReasonThatIsOnNoListComesBackWithThePage(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.Push())
	town := "/administrations/" + w.Client.ID + "/" + string(w.Client.SIRET) + "/withdraw"
	for _, target := range []string{path + "/withdraw", town, "/withdraw-all"} {
		page := b.Post(w.base+target, url.Values{"reason": {"<curiosity>"}})
		expect(t, target, page, http.StatusUnprocessableEntity, "Choisissez une raison de la liste", "12 mois au plus")
		if strings.Contains(page.Body, "curiosity") || !strings.Contains(page.Body, `href="#reason"`) {
			t.Errorf("%s: %s", target, main(page.Body))
		}
	}
	expect(t, "not withdrawn", b.Get(w.base+path), 200, "En cours")
	expect(t, "all, mended", b.Post(w.base+"/withdraw-all", url.Values{"reason": {"too_much"}}), 200, "Vous avez retiré 1 autorisation.")
	if g, _ := w.Store.Grant(t.Context(), w.Viewer.Subject, strings.TrimPrefix(path, "/consents/")); g.Reason != consent.TooMuch {
		t.Errorf("%q", g.Reason)
	}
}
