package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"portail.example/cmd/portal/serve"
	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
)

// The night and the day after: what is due is told, held, released, removed.
func TestAPurgeIsToldHeldAndDone(t *testing.T) {
	url := pgtest.URL(t)
	world := consenttest.NewWorldOn(t, pgtest.Open(t, url))
	world.Clock.Set(time.Now().AddDate(-5, 0, 0))
	g, _ := world.Granted(t, world.Push())
	if _, err := world.Service.Withdraw(t.Context(), g.Subject, g.ID, consent.Unsaid); err != nil {
		t.Fatal(err)
	}
	environ, first, second := officers(t, url)
	do := func(want string, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		err := run(t.Context(), args, environ, &out)
		said := strings.Join(strings.Fields(out.String()), " ")
		if err != nil {
			said += err.Error()
		}
		if !strings.Contains(said, want) {
			t.Errorf("%s: %s, want %s", args, said, want)
		}
		return said
	}
	do("would remove KIND NUMBER FROM TO RULE", "purge", "--dry-run")
	hold := strings.TrimPrefix(do("holds ", "hold", "consent", g.ID, first, "dossier 12"), "holds ")
	do("dossier 12", "hold", "list")
	if said := do("", "purge", "--dry-run"); strings.Contains(said, "consent 1") {
		t.Errorf("held, and due: %s", said)
	}
	do("agent_unknown", "hold", "lift", hold, "agent-2")
	do("lifted "+hold+" by ", "hold", "lift", hold, second)
	do("consent 1 "+world.Clock.Now().Format(time.DateOnly), "purge")
	do("36 months, GDPR 7(1)", "purge", "--past")
	do("nothing is due", "purge")
	do("not_found", "hold", "set", "nobody", first, "x")
	do("agent_unknown", "hold", "set", "nobody", "agent-1", "x")
}

// officers are two of the platform's, invited and signed in as they are on the pages.
func officers(t *testing.T, url string) (environ map[string]string, first, second string) {
	t.Helper()
	environ = map[string]string{"DATABASE_URL": url, "MASTER_KEY": strings.Repeat("A", 43) + "="}
	keys, err := serve.MasterKeys(environ)
	if err != nil {
		t.Fatal(err)
	}
	db, err := postgres.Open(t.Context(), postgres.Config{URL: url, MaxConns: 2, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, address := range []string{"first@portail.example", "second@portail.example"} {
		a, err := serviceOn(db).InviteAgent(t.Context(), consent.Console(), consent.AgentInvitation{Email: address, SIRET: "13990012000003", Role: consent.RolePlatformDPO})
		if err == nil {
			_, err = serviceOn(db).SignInAgent(t.Context(), consenttest.AgentOf(a))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return environ, "first@portail.example", "second@portail.example"
}

// Four eyes at the keyboard too: the one who asks does not approve.
func TestAnErasureIsAskedAndApproved(t *testing.T) {
	url := pgtest.URL(t)
	world := consenttest.NewWorldOn(t, pgtest.Open(t, url))
	citizen := string(world.Viewer.Subject)
	world.Granted(t, world.Push())
	r, err := world.Service.AskRight(t.Context(), world.Viewer.Subject, consent.RightErasure, "")
	if err != nil {
		t.Fatal(err)
	}
	environ, first, second := officers(t, url)
	do := func(args ...string) string {
		var out bytes.Buffer
		if err := run(t.Context(), append([]string{"erasure"}, args...), environ, &out); err != nil {
			return err.Error()
		}
		return strings.Join(strings.Fields(out.String()), " ")
	}
	asked := do("ask", citizen, r.ID, first)
	id := strings.TrimSuffix(strings.Fields(asked)[1], ",")
	steps := []struct {
		want string
		args []string
	}{
		{"identity 1 erased", []string{"preview", citizen}},
		{"consent 1 kept", []string{"preview", citizen}},
		{id, []string{"list"}},
		{"agent_unknown", []string{"approve", id, "agent-2"}},
		{"same_agent", []string{"approve", id, first}},
		{"erased " + citizen, []string{"approve", id, second}},
		{"erased " + citizen, []string{"approve", id, second}},
		{"not_found", []string{"ask", citizen, r.ID, first}},
	}
	for _, step := range steps {
		if said := do(step.args...); !strings.Contains(said, step.want) {
			t.Errorf("%s: %s, want %s", step.args, said, step.want)
		}
	}
	if said := do("list"); strings.Contains(said, id) {
		t.Errorf("still waits: %s", said)
	}
}
