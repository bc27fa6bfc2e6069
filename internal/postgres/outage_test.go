package postgres_test

import (
	"errors"
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
	cluster "portail.example/internal/sandbox/postgres"
)

// TestADatabaseThatIsGoneIsUnavailable has a server of its own, to take it away.
func TestADatabaseThatIsGoneIsUnavailable(t *testing.T) {
	server, err := cluster.Start(t.Context(), cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	url := server.URL("postgres")
	if err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	store := open(t, url, keys(t, 1))
	w := consenttest.NewWorldOn(t, store)
	issued := w.Issued(t, w.Push())
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"read":   func() error { _, err := store.Client(t.Context(), "any"); return err },
		"write":  func() error { _, _, err := w.Service.PushRequest(t.Context(), w.Push()); return err },
		"access": func() error { _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued)); return err },
		"withdraw": func() error {
			_, err := w.Service.Withdraw(t.Context(), w.Viewer.Subject, issued.Grant.ID, consent.Unsaid)
			return err
		},
		"session": func() error { _, err := store.Session(t.Context(), "any", consenttest.Start); return err },
		"ready":   func() error { return store.Ready(t.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := call(); !errors.Is(err, consent.Unavailable) {
				t.Errorf("got %v, want Unavailable", err)
			}
		})
	}
}
