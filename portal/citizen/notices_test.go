package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// mails are those that wait.
func (w *world) mails() []consent.Mail {
	w.t.Helper()
	mails, err := w.Memory.ClaimMails(w.t.Context(), w.Clock.Now(), w.Clock.Now().Add(time.Minute), 10)
	if err != nil {
		w.t.Fatal(err)
	}
	return mails
}

func TestAnAddressIsLeftConfirmedAndErased(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	shown := func(what string, a webtest.Answer, status int, texts ...string) {
		t.Helper()
		for _, text := range texts {
			if !strings.Contains(a.Body, text) {
				t.Errorf("%s lacks %q", what, text)
			}
		}
		if a.Status != status {
			t.Errorf("%s: %d, want %d", what, a.Status, status)
		}
	}
	all := url.Values{"address": {"angela@example.org"}, "language": {"en"}, "kind": {"request", "use"}}
	shown("nothing left", b.Get(w.base+"/notices"), 200, "M’envoyer un lien de confirmation")
	shown("a wrong address", b.Post(w.base+"/notices/address", url.Values{"address": {"angela@"}, "kind": {"use"}}), 422, `value="angela@"`, "Écrivez une adresse complète", `href="#address"`)
	shown("no kind", b.Post(w.base+"/notices/address", url.Values{"address": {"angela@example.org"}}), 422, "Choisissez au moins un sujet", `href="#kind"`)
	shown("left", b.Post(w.base+"/notices/address", all), 200, "Adresse à confirmer", "Nous avons envoyé un lien")
	mails := w.mails()
	if len(mails) != 1 || mails[0].To.Language != "en" || len(mails[0].To.Kinds) != 2 {
		t.Fatalf("%d mails", len(mails))
	}
	link := w.base + "/notices/verify?token=" + mails[0].Token
	elsewhere := webtest.NewBrowser(t) // a mailbox on another machine
	shown("the link", elsewhere.Get(link), 200, "Confirmez que cette adresse est la vôtre")
	if c, _ := w.Service.Contact(t.Context(), w.Viewer.Subject); c.Verified() {
		t.Error("opening the link is enough: a scanner would confirm")
	}
	shown("confirmed", elsewhere.Post(link, nil), 200, "Votre adresse est confirmée")
	shown("confirmed again", elsewhere.Post(link, nil), 404, "Ce lien ne marche plus")
	shown("verified", b.Get(w.base+"/notices"), 200, "Adresse confirmée", "angela@example.org")
	shown("changed", b.Post(w.base+"/notices/choices", url.Values{"language": {"fr"}, "kind": {"ending"}}), 200, "Vos choix sont enregistrés")
	shown("erased", b.Post(w.base+"/notices/remove", nil), 200, "Votre adresse est effacée")
	if _, err := w.Service.Contact(t.Context(), w.Viewer.Subject); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("the address stays: %v", err)
	}
}

func TestOneClickEndsNoticesWithoutSigningIn(t *testing.T) {
	w := newWorld(t)
	contact := w.WithAddress(t, w.Memory, w.Viewer.Subject, "angela@example.org")
	link := w.base + "/notices/unsubscribe?token=" + contact.Unsubscribe
	program := webtest.NewBrowser(t) // the mailbox's own program, RFC 8058 section 3.2
	if a := program.Get(link); a.Status != http.StatusOK || !strings.Contains(a.Body, "Ne plus recevoir") {
		t.Errorf("the link: %d", a.Status)
	}
	if _, err := w.Service.Contact(t.Context(), w.Viewer.Subject); err != nil {
		t.Errorf("opening the link is enough: %v", err)
	}
	for range 2 {
		if a := program.Post(link, url.Values{"List-Unsubscribe": {"One-Click"}}); a.Status != http.StatusOK {
			t.Errorf("one click: %d", a.Status)
		}
	}
	if _, err := w.Service.Contact(t.Context(), w.Viewer.Subject); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("the address stays: %v", err)
	}
	if a := program.Get(w.base + "/notices/unsubscribe?token=%22%3E"); a.Status != http.StatusNotFound {
		t.Errorf("a link that is not whole: %d", a.Status)
	}
}

func TestNoticesAreForWhoeverIsSignedIn(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	for _, path := range []string{"/notices/address", "/notices/choices", "/notices/remove"} {
		if a := b.Post(w.base+path, url.Values{"address": {"a@example.org"}, "kind": {"use"}}); a.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := b.Get(w.base + "/notices"); a.Status != http.StatusUnauthorized {
		t.Errorf("the page: %d", a.Status)
	}
}
