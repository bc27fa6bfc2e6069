package citizen_test

import (
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

func TestAStoppedConsentShowsItsLastRelease(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	path := w.given(b, w.PushOnce())
	b.Post(w.base+path+"/pause", nil)
	expect(t, "paused", b.Get(w.base+path), 200, "Plus aucune transmission depuis le 24 novembre 2026 à 10:00:00", "rien n’a jamais été transmis")
	expect(t, "what happened", b.Get(w.base+path), 200, "Ce qui s’est passé", "Vous avez autorisé le partage (texte lu : version 1).", "Vous avez mis l’autorisation en pause.")
	issued := w.Issued(t, w.Push())
	open, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	if err == nil {
		err = w.Service.CompleteAccess(t.Context(), open.Access, consent.Released, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	if page := b.Get(w.base + "/consents/" + issued.Grant.ID); strings.Contains(page.Body, "L’arrêt") || strings.Contains(page.Body, "dernière transmission") {
		t.Errorf("nothing stopped yet: %s", main(page.Body))
	}
	w.Clock.Advance(time.Minute)
	b.Post(w.base+"/consents/"+issued.Grant.ID+"/withdraw", nil)
	expect(t, "withdrawn", b.Get(w.base+"/consents/"+issued.Grant.ID), 200,
		"Plus aucune transmission depuis le 24 novembre 2026 à 10:01:00", "la dernière transmission s’est terminée le 24 novembre 2026 à 10:00:00")
}
