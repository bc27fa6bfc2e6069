package consenttest

import (
	"testing"

	"portail.example/consent"
)

// shownTexts: found by hash as they were, the first decision on them noted; one that
// names a file by whoever decided on it, and nobody else.
func shownTexts(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	public := consent.Statement{Language: "fr", Version: 7, Text: "Un texte de tous, " + consent.NewID()}
	own := consent.Statement{Language: "ar", Version: 8, Text: "Dossier " + consent.NewID(), Own: true}
	start := w.Clock.Now()
	for _, text := range []consent.Statement{public, own, public} {
		w.Clock.Advance(1e9)
		p := w.Push()
		p.ForcePrompt = true
		answer := w.Allow(w.Identified(t, p))
		answer.Allow, answer.Statement = false, text
		_, err := w.Service.Decide(background, answer)
		must(t, err)
	}
	pierre := w.SignIn(t, Pierre())
	for _, viewer := range []consent.SubjectID{"", pierre, w.Viewer.Subject} {
		got, err := s.ShownText(background, public.Hash(), viewer)
		must(t, err)
		same(t, got, consent.ShownText{Statement: public, FirstAt: start.Add(1e9)})
		got, err = s.ShownText(background, own.Hash(), viewer)
		if viewer != w.Viewer.Subject {
			isNotFound(t, "a file's text", err)
			continue
		}
		must(t, err)
		same(t, got, consent.ShownText{Statement: own, FirstAt: start.Add(2e9)})
	}
	_, err := s.ShownText(background, consent.HashOf("nothing"), "")
	isNotFound(t, "a text nobody decided on", err)
}
