package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail.example/portal/web/webtest"
)

func TestARightIsAskedAndFollowed(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	expect(t, "form", b.Get(w.base+"/my-data/ask"), 200, "Effacer mes données", "36 mois", "CAF ou la MSA", "Aucune demande.")
	none := b.Post(w.base+"/my-data/ask", url.Values{"message": {"mes mots"}})
	expect(t, "nothing chosen", none, http.StatusUnprocessableEntity, "Votre demande n’est pas partie", "Choisissez ce que vous demandez.", ">mes mots</textarea>")
	long := b.Post(w.base+"/my-data/ask", url.Values{"right": {"erasure"}, "message": {strings.Repeat("é", 1001)}})
	expect(t, "too long", long, http.StatusUnprocessableEntity, "1\u202f000 caractères au plus", `value="erasure" checked`, `href="#message"`)
	sent := b.Post(w.base+"/my-data/ask", url.Values{"right": {"erasure"}, "message": {"mes mots"}})
	expect(t, "sent", sent, 200, "Envoyée le 24 novembre 2026.", "Réponse au plus tard le 24 décembre 2026.", "En attente de réponse")
	expect(t, "copy", w.exported(b, "html"), 200, "mes mots", "En attente de réponse")
	if a := webtest.NewBrowser(t).Get(w.base + "/my-data/ask"); a.Status != http.StatusUnauthorized {
		t.Errorf("signed out: %d", a.Status)
	}
}
