package consent_test

import (
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// The instant on the page is measured against what was released.
func TestNothingIsSentSinceTheInstantThatIsTold(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	late, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	if err != nil {
		t.Fatal(err)
	}
	released, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued))
	if err == nil {
		err = w.Service.CompleteAccess(t.Context(), released.Access, consent.Released, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	last := w.Clock.Now()
	w.Clock.Advance(time.Minute)
	if _, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	stopped := w.Clock.Now()
	w.Clock.Advance(time.Minute)
	refused(t, "the one under way", w.Service.CompleteAccess(t.Context(), late.Access, consent.Released, ""), consent.GrantWithdrawn)
	view, err := w.Service.Grant(t.Context(), w.Viewer.Subject, issued.Grant.ID, "")
	if err != nil || !view.LastRelease.Equal(last) || !view.QuietSince().Equal(stopped) {
		t.Errorf("last release %s, quiet since %s, %v", view.LastRelease, view.QuietSince(), err)
	}
	view.LastRelease = stopped.Add(time.Second) // what must never happen is told, not hidden
	if !view.QuietSince().Equal(view.LastRelease) {
		t.Errorf("quiet since %s", view.QuietSince())
	}
}
