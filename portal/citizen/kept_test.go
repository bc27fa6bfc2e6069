package citizen_test

import (
	"net/http"
	"strings"
	"testing"

	"portail.example/consent"
	"portail.example/portal/web/webtest"
)

// The citizen reads what an erasure would remove, what the law keeps, until when and
// why, and is one press away from asking for it.
func TestMyDataSaysWhatAnErasureWouldLeave(t *testing.T) {
	w := newWorld(t)
	b := webtest.NewBrowser(t)
	b.Get(w.base + "/sign-in")
	page := b.Get(w.base + "/my-data")
	expect(t, "nothing to keep", page, 200, "Si vous demandez l’effacement", "<li>Votre identité</li>", "Rien.")
	if strings.Contains(page.Body, "Vos refus") {
		t.Error("something is kept of who did nothing")
	}
	b, _ = w.answered(allow)
	page = b.Get(w.base + "/my-data")
	expect(t, "what stays", page, 200, "Vos autorisations, vos choix et les textes que vous avez lus", "Jusqu’au 24 novembre 2029. Ils prouvent", `href="/my-data/ask?right=erasure"`)
	expect(t, "asking", b.Get(w.base+"/my-data/ask?right=erasure"), 200, `value="erasure" checked`, `href="/my-data#erasure"`)
	expect(t, "an unknown right", b.Get(w.base+"/my-data/ask?right=x"), 200, "Que demandez-vous")
	expect(t, "each line", w.exported(b, "html"), 200, "Gardé jusqu’au")
	if file := w.exported(b, "json"); strings.Count(file.Body, `"kept_until"`) < 4 {
		t.Errorf("%s", file.Body)
	}
}

// After an erasure every browser is signed out, and the next sign-in is a newcomer's.
func TestWhoWasErasedComesBackAsANewcomer(t *testing.T) {
	w := newWorld(t)
	b, _ := w.answered(allow)
	expect(t, "before", b.Get(w.base+"/consents"), 200, "Commune de Lisière-sur-Ource")
	erasing := w.ToErase(t)
	if _, err := w.Service.EraseSubject(t.Context(), erasing.ID, "agent-2"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/consents", "/my-data"} {
		if a := b.Get(w.base + path); a.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	b.Get(w.base + "/sign-in")
	for _, path := range []string{"/consents", "/my-data"} {
		if a := b.Get(w.base + path); a.Status != 200 || strings.Contains(a.Body, "Lisière") || strings.Contains(a.Body, "Vos autorisations, vos choix") {
			t.Errorf("%s: %d, %s", path, a.Status, a.Body)
		}
	}
	if subject := w.SignIn(t, w.provider.in); subject == w.Viewer.Subject || consent.SubjectID("") == subject {
		t.Error("the same citizen came back")
	}
}
