package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

// signedIn opens a session of a citizen and returns its token.
func signedIn(t *testing.T, s StoreWithClients, subject consent.SubjectID, handle string, seen time.Time) string {
	t.Helper()
	token, err := s.OpenSession(background, consent.Session{
		Browser: consent.BrowserID("browser-" + handle), Subject: subject, Handle: handle, Device: consent.Device{Browser: "Firefox", System: "Android"},
		ACR: "eidas1", SignedInAt: Start, IDToken: "secret", CreatedAt: Start, SeenAt: seen,
	})
	must(t, err)
	return token
}

func sessions(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	angela, pierre, now := w.Viewer.Subject, w.SignIn(t, Pierre()), Start.Add(40*time.Minute)
	tokens := map[string]string{}
	for handle, seen := range map[string]time.Duration{"idle": 0, "phone": 20 * time.Minute, "desk": 30 * time.Minute, "library": 25 * time.Minute} {
		tokens[handle] = signedIn(t, s, angela, handle, Start.Add(seen))
	}
	tokens["pierre"] = signedIn(t, s, pierre, "his", Start.Add(30*time.Minute))
	listed := func(subject consent.SubjectID, want ...string) {
		t.Helper()
		var got []string
		list, err := s.Sessions(background, subject, now)
		must(t, err)
		for _, session := range list {
			got = append(got, session.Handle)
			if session.IDToken != "" || session.Device.System != "Android" || !session.SignedInAt.Equal(Start) {
				t.Errorf("%s: %+v", session.Handle, session)
			}
		}
		same(t, got, want)
	}
	listed(angela, "desk", "library", "phone")
	listed(pierre, "his")
	end := func(subject consent.SubjectID, handle string) (ended bool) {
		inTx(t, s, func(tx consent.Tx) (err error) {
			ended, err = tx.EndSession(background, subject, handle)
			return err
		})
		return ended
	}
	if end(pierre, "phone") || end(angela, "none") || !end(angela, "phone") || end(angela, "phone") {
		t.Error("ended what was not theirs, twice, or not at all")
	}
	listed(angela, "desk", "library")
	over, err := s.Session(background, tokens["phone"], now)
	must(t, err)
	if over.SignedIn() || over.Browser != "browser-phone" || over.Device != (consent.Device{}) || over.IDToken != "" {
		t.Errorf("an ended session is %+v", over)
	}
	inTx(t, s, func(tx consent.Tx) error { return tx.EndOtherSessions(background, angela, "desk") })
	listed(angela, "desk")
	listed(pierre, "his")
	if kept, err := s.Session(background, tokens["desk"], now); err != nil || !kept.SignedIn() || kept.IDToken != "secret" {
		t.Errorf("the session that was kept: %+v, %v", kept.Handle, err)
	}
}

func lastSignIn(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s) // signs Angela in at Start
	for _, c := range []struct {
		who  consent.SignIn
		want time.Time
	}{{Angela(), Start}, {Angela(), Start.Add(time.Hour)}, {Pierre(), time.Time{}}} {
		w.Clock.Advance(time.Hour)
		citizen, err := w.Service.SignIn(background, c.who)
		must(t, err)
		if !citizen.LastSignIn.Equal(c.want) {
			t.Errorf("signed in before at %s, want %s", citizen.LastSignIn, c.want)
		}
	}
}
